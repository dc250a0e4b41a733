/*! preact 11.2.0

The MIT License (MIT)

Copyright (c) 2015-present Jason Miller

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

@preact/signals-core 1.14.5

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

@preact/signals 2.11.4

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

htm 3.1.1

Apache License
                           Version 2.0, January 2004
                        http://www.apache.org/licenses/

   TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION

   1. Definitions.

      "License" shall mean the terms and conditions for use, reproduction,
      and distribution as defined by Sections 1 through 9 of this document.

      "Licensor" shall mean the copyright owner or entity authorized by
      the copyright owner that is granting the License.

      "Legal Entity" shall mean the union of the acting entity and all
      other entities that control, are controlled by, or are under common
      control with that entity. For the purposes of this definition,
      "control" means (i) the power, direct or indirect, to cause the
      direction or management of such entity, whether by contract or
      otherwise, or (ii) ownership of fifty percent (50%) or more of the
      outstanding shares, or (iii) beneficial ownership of such entity.

      "You" (or "Your") shall mean an individual or Legal Entity
      exercising permissions granted by this License.

      "Source" form shall mean the preferred form for making modifications,
      including but not limited to software source code, documentation
      source, and configuration files.

      "Object" form shall mean any form resulting from mechanical
      transformation or translation of a Source form, including but
      not limited to compiled object code, generated documentation,
      and conversions to other media types.

      "Work" shall mean the work of authorship, whether in Source or
      Object form, made available under the License, as indicated by a
      copyright notice that is included in or attached to the work
      (an example is provided in the Appendix below).

      "Derivative Works" shall mean any work, whether in Source or Object
      form, that is based on (or derived from) the Work and for which the
      editorial revisions, annotations, elaborations, or other modifications
      represent, as a whole, an original work of authorship. For the purposes
      of this License, Derivative Works shall not include works that remain
      separable from, or merely link (or bind by name) to the interfaces of,
      the Work and Derivative Works thereof.

      "Contribution" shall mean any work of authorship, including
      the original version of the Work and any modifications or additions
      to that Work or Derivative Works thereof, that is intentionally
      submitted to Licensor for inclusion in the Work by the copyright owner
      or by an individual or Legal Entity authorized to submit on behalf of
      the copyright owner. For the purposes of this definition, "submitted"
      means any form of electronic, verbal, or written communication sent
      to the Licensor or its representatives, including but not limited to
      communication on electronic mailing lists, source code control systems,
      and issue tracking systems that are managed by, or on behalf of, the
      Licensor for the purpose of discussing and improving the Work, but
      excluding communication that is conspicuously marked or otherwise
      designated in writing by the copyright owner as "Not a Contribution."

      "Contributor" shall mean Licensor and any individual or Legal Entity
      on behalf of whom a Contribution has been received by Licensor and
      subsequently incorporated within the Work.

   2. Grant of Copyright License. Subject to the terms and conditions of
      this License, each Contributor hereby grants to You a perpetual,
      worldwide, non-exclusive, no-charge, royalty-free, irrevocable
      copyright license to reproduce, prepare Derivative Works of,
      publicly display, publicly perform, sublicense, and distribute the
      Work and such Derivative Works in Source or Object form.

   3. Grant of Patent License. Subject to the terms and conditions of
      this License, each Contributor hereby grants to You a perpetual,
      worldwide, non-exclusive, no-charge, royalty-free, irrevocable
      (except as stated in this section) patent license to make, have made,
      use, offer to sell, sell, import, and otherwise transfer the Work,
      where such license applies only to those patent claims licensable
      by such Contributor that are necessarily infringed by their
      Contribution(s) alone or by combination of their Contribution(s)
      with the Work to which such Contribution(s) was submitted. If You
      institute patent litigation against any entity (including a
      cross-claim or counterclaim in a lawsuit) alleging that the Work
      or a Contribution incorporated within the Work constitutes direct
      or contributory patent infringement, then any patent licenses
      granted to You under this License for that Work shall terminate
      as of the date such litigation is filed.

   4. Redistribution. You may reproduce and distribute copies of the
      Work or Derivative Works thereof in any medium, with or without
      modifications, and in Source or Object form, provided that You
      meet the following conditions:

      (a) You must give any other recipients of the Work or
          Derivative Works a copy of this License; and

      (b) You must cause any modified files to carry prominent notices
          stating that You changed the files; and

      (c) You must retain, in the Source form of any Derivative Works
          that You distribute, all copyright, patent, trademark, and
          attribution notices from the Source form of the Work,
          excluding those notices that do not pertain to any part of
          the Derivative Works; and

      (d) If the Work includes a "NOTICE" text file as part of its
          distribution, then any Derivative Works that You distribute must
          include a readable copy of the attribution notices contained
          within such NOTICE file, excluding those notices that do not
          pertain to any part of the Derivative Works, in at least one
          of the following places: within a NOTICE text file distributed
          as part of the Derivative Works; within the Source form or
          documentation, if provided along with the Derivative Works; or,
          within a display generated by the Derivative Works, if and
          wherever such third-party notices normally appear. The contents
          of the NOTICE file are for informational purposes only and
          do not modify the License. You may add Your own attribution
          notices within Derivative Works that You distribute, alongside
          or as an addendum to the NOTICE text from the Work, provided
          that such additional attribution notices cannot be construed
          as modifying the License.

      You may add Your own copyright statement to Your modifications and
      may provide additional or different license terms and conditions
      for use, reproduction, or distribution of Your modifications, or
      for any such Derivative Works as a whole, provided Your use,
      reproduction, and distribution of the Work otherwise complies with
      the conditions stated in this License.

   5. Submission of Contributions. Unless You explicitly state otherwise,
      any Contribution intentionally submitted for inclusion in the Work
      by You to the Licensor shall be under the terms and conditions of
      this License, without any additional terms or conditions.
      Notwithstanding the above, nothing herein shall supersede or modify
      the terms of any separate license agreement you may have executed
      with Licensor regarding such Contributions.

   6. Trademarks. This License does not grant permission to use the trade
      names, trademarks, service marks, or product names of the Licensor,
      except as required for reasonable and customary use in describing the
      origin of the Work and reproducing the content of the NOTICE file.

   7. Disclaimer of Warranty. Unless required by applicable law or
      agreed to in writing, Licensor provides the Work (and each
      Contributor provides its Contributions) on an "AS IS" BASIS,
      WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or
      implied, including, without limitation, any warranties or conditions
      of TITLE, NON-INFRINGEMENT, MERCHANTABILITY, or FITNESS FOR A
      PARTICULAR PURPOSE. You are solely responsible for determining the
      appropriateness of using or redistributing the Work and assume any
      risks associated with Your exercise of permissions under this License.

   8. Limitation of Liability. In no event and under no legal theory,
      whether in tort (including negligence), contract, or otherwise,
      unless required by applicable law (such as deliberate and grossly
      negligent acts) or agreed to in writing, shall any Contributor be
      liable to You for damages, including any direct, indirect, special,
      incidental, or consequential damages of any character arising as a
      result of this License or out of the use or inability to use the
      Work (including but not limited to damages for loss of goodwill,
      work stoppage, computer failure or malfunction, or any and all
      other commercial damages or losses), even if such Contributor
      has been advised of the possibility of such damages.

   9. Accepting Warranty or Additional Liability. While redistributing
      the Work or Derivative Works thereof, You may choose to offer,
      and charge a fee for, acceptance of support, warranty, indemnity,
      or other liability obligations and/or rights consistent with this
      License. However, in accepting such obligations, You may act only
      on Your own behalf and on Your sole responsibility, not on behalf
      of any other Contributor, and only if You agree to indemnify,
      defend, and hold each Contributor harmless for any liability
      incurred by, or claims asserted against, such Contributor by reason
      of your accepting any such warranty or additional liability.

   END OF TERMS AND CONDITIONS

   APPENDIX: How to apply the Apache License to your work.

      To apply the Apache License to your work, attach the following
      boilerplate notice, with the fields enclosed by brackets "[]"
      replaced with your own identifying information. (Don't include
      the brackets!)  The text should be enclosed in the appropriate
      comment syntax for the file format. We also recommend that a
      file or class name and description of purpose be included on the
      same "printed page" as the copyright notice for easier
      identification within third-party archives.

   Copyright 2018 Google Inc.

   Licensed under the Apache License, Version 2.0 (the "License");
   you may not use this file except in compliance with the License.
   You may obtain a copy of the License at

       http://www.apache.org/licenses/LICENSE-2.0

   Unless required by applicable law or agreed to in writing, software
   distributed under the License is distributed on an "AS IS" BASIS,
   WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
   See the License for the specific language governing permissions and
   limitations under the License.

uplot 1.6.32

The MIT License (MIT)

Copyright (c) 2022 Leon Sorokin

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
*/
var e,t,n,i,l,o,s,r,a,u,c,d=Symbol.for("pv"),f={},p=[],h=/^m(i|n|o|s|text|space)$/,m=Array.isArray,$=p.slice,v=Object.assign;function _(e){e&&e.parentNode&&e.remove()}function g(e,t,n){var i,l,o,s={},r=arguments.length;for(o in t)"key"==o?i=t[o]:"ref"==o&&"function"!=typeof e?l=t[o]:s[o]=t[o];return r>2&&(s.children=r>3?$.call(arguments,2):n),y(e,s,i,l,null)}function y(n,i,l,o,s){var r={type:n,props:i,key:l,ref:o,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:s||++t,__i:-1,__u:0};return!s&&e.vnode&&e.vnode(r),r}function b(e){return e.children}function w(e,t){this.props=e,this.context=t,this.__g=0}function k(e,t){if(null==t)return e.__&&k(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return"function"!=typeof e.type||e.props.__P?null:k(e)}function x(t){var n,i=t.__v,l=i.__e,o=[],s=[],r=t.__P;r&&((n=v({constructor:d},i)).__v=i.__v+1,e.vnode&&e.vnode(n),O(r,n,i,t.__n,r.namespaceURI,32&i.__u?[l]:null,o,l||k(i),32&i.__u,s),n.__v=i.__v,n.__.__k[n.__i]=n,j(o,n,s),i.__=i.__e=null,n.__e!=l&&S(n))}function S(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),S(e)}function T(t){(8&t.__g||(t.__g|=8,i.push(t),o++))&&l==e.debounceRendering||((l=e.debounceRendering)||queueMicrotask)(M)}function M(){try{for(var e,t=1;i.length;)i.length>t&&i.sort(s),e=i.shift(),t=i.length,8&e.__g&&x(e)}finally{(o=i.length)&&(l||queueMicrotask)(M)}}function P(e,t,n,i,l,o,s,r,a,u,c){var h,$,v,_,g,w,x=i.__k||p,S=t.length;for(a=function(e,t,n,i,l){var o,s,r,a,u,c,f,p,h,$=n.length,v=$,_=0,g=0,w=e.__k=Array(l);for(o=0;o<l;o++)null!=(s=t[o])&&"boolean"!=typeof s&&"function"!=typeof s?("object"!=typeof s||s.constructor===String?s=w[o]=y(null,s):m(s)?s=w[o]=y(b,{children:s}):s.constructor===d&&s.__b?s=w[o]=y(s.type,s.props,s.key,s.ref,s.__v):w[o]=s,a=o+_,s.__=e,s.__b=e.__b+1,r=null,~(u=s.__i=C(s,n,a,v))&&(v--,(r=n[u])&&(r.__u|=2)),r&&r.__v?(s.__u|=16,u==a-1?_--:u==a+1?_++:u!=a&&(u>a?_--:_++,g=1)):(~u||(l>$?_--:l<$&&_++),"function"!=typeof s.type&&(s.__u|=4))):w[o]=null;if(g){for(c=[],f=[],o=0;o<l;o++)if((s=w[o])&&16&s.__u){for(_=0,p=c.length;_<p;)c[h=_+p>>1]<s.__i?_=h+1:p=h;c[_]=s.__i,f[o]=_+1}for(_=c.length;o--;)f[o]&&(f[o]==_?_--:w[o].__u|=4)}if(v)for(o=0;o<$;o++)!(r=n[o])||2&r.__u||(r.__e==i&&(i=k(r)),W(r,r));return i}(n,t,x,a,S),h=0;h<S;h++)null!=(v=n.__k[h])&&($=~v.__i&&x[v.__i]||f,v.__i=h,w=O(e,v,$,l,o,s,r,a,u,c),_=v.__e,($.ref!=v.ref||8&$.__u)&&($.ref&&N($.ref,null,v,$),v.ref&&c.push(v.ref,v.__c||_,v)),g=g||_,4&v.__u?(a=q(v,a,e,!$.__v),$.__e&&($.__e=null)):"function"==typeof v.type&&void 0!==w?a=w:_&&(a=_.nextSibling),v.__u&=-21);return n.__e=g,a}function q(e,t,n,i){var l,o,s,r;if("function"==typeof e.type){if(e.props.__P)return t;if(l=e.__k)for(o=0;o<l.length;o++)l[o]&&(l[o].__=e,t=q(l[o],t,n,!1));return t}for(t&&!t.parentNode&&(t=k(e))&&!t.parentNode&&(t=null),s=e.__e,r=t;r&&8==r.nodeType;)r=r.nextSibling;for(s!=r&&(!i&&n.moveBefore&&s.parentNode?n.moveBefore(s,t):n.insertBefore(s,t||null)),t=s;(t=t&&t.nextSibling)&&8==t.nodeType&&!t.data.startsWith("$s"););return t}function C(e,t,n,i){var l,o=e.key,s=e.type,r=t[n],a=r&&!(2&r.__u);if(null===r&&null==o||a&&o==r.key&&s==r.type)return n;if(i>(a?1:0)){for(l=n-1;l>=0;l--)if((r=t[l])&&!(2&r.__u)&&o==r.key&&s==r.type)return l;for(l=n+1;l<t.length;l++)if((r=t[l])&&!(2&r.__u)&&o==r.key&&s==r.type)return l}return-1}function E(e,t,n){null==n&&(n=""),"-"==t[0]?e.setProperty(t,n):e[t]=n}function R(t,n,i,l,o){var s,d;if("style"==n)if("string"==typeof i)t.style.cssText=i;else{if("string"==typeof l&&(t.style.cssText=l=""),l)for(n in l)i&&n in i||E(t.style,n);if(i)for(n in i)l&&i[n]==l[n]||E(t.style,n,i[n])}else if("o"==n[0]&&"n"==n[1])"function"!=typeof i&&(i=null),"function"!=typeof l&&(l=null),(t.__e||(t.__e={}))[n]=i,i&&l||(d=c[n]||(c[n]=function(t){return function(n){var i=this.__e;if(i){if(i=i[t],null==n[r])n[r]=u++;else if(n[r]<this.__a[t])return;return i(e.event?e.event(n):n)}}}(n)),(t.__a||(t.__a={}))[n]=u,s=n!=(n=n.replace(a,"$1")),(n=n.slice(2))[0]<"a"&&(n=n.toLowerCase()),i?t.addEventListener(n,d,s):t.removeEventListener(n,d,s));else{if("http://www.w3.org/2000/svg"==o)n=n.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if("width"!=n&&"height"!=n&&"href"!=n&&"list"!=n&&"form"!=n&&"tabIndex"!=n&&"download"!=n&&"rowSpan"!=n&&"colSpan"!=n&&"role"!=n&&"popover"!=n&&n in t)try{return void(t[n]=i??"")}catch(t){}if("function"==typeof i)return;null==i||!1===i&&"-"!=n[4]?t.removeAttribute(n):t.setAttribute(n,"popover"==n&&1==i?"":i)}}function O(t,n,i,l,o,s,r,a,u,c){var f,h,$,g,y,x,S,T,M,q,C,E,R,O,j,N,U,z,H=n.type;if(n.constructor!==d)return null;128&i.__u&&(u=32&i.__u,f=i.__c.__z)&&(n.__u|=u,h=s=[],8==f.nodeType?a=A(f,s):s.push(f),a=s[0]||a),(f=e.__b)&&f(n);e:if("function"==typeof H){$=r.length;try{if(T=n.props,M=(f=H.prototype)&&f.render,q=(f=H.contextType)&&l[f.__c],C=f?q?q.props.value:f.__:l,(g=i.__c)?(n.__c=g,2&g.__g&&(g.__g|=1)):(M?n.__c=g=new H(T,C):(n.__c=g=new w(T,C),g.constructor=H,g.render=I),q&&q.sub(g),g.state||(g.state={}),g.__n=l,g.__g|=8,g.__h=[],g.__k=[]),M&&(g.__s||(g.__s=g.state),H.getDerivedStateFromProps&&(g.__s==g.state&&(g.__s=v({},g.__s)),v(g.__s,H.getDerivedStateFromProps(T,g.__s)))),y=g.props,x=g.state,g.__v=n,i.__c){if(T!==y&&M&&!H.getDerivedStateFromProps&&g.componentWillReceiveProps&&g.componentWillReceiveProps(T,C),n.__v==i.__v&&!(8&g.__g)||!(4&g.__g)&&g.shouldComponentUpdate&&!1===g.shouldComponentUpdate(T,g.__s,C)){n.__v!=i.__v&&(g.props=T,g.state=g.__s,g.__g&=-9),n.__e=i.__e,n.__k=i.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(g.__h,g.__k),g.__k=[],g.__h.length&&r.push(g),a=k(i);break e}g.componentWillUpdate&&g.componentWillUpdate(T,g.__s,C),M&&g.componentDidUpdate&&g.__h.push(function(){g.componentDidUpdate(y,x,S)})}else M&&!H.getDerivedStateFromProps&&g.componentWillMount&&g.componentWillMount(),M&&g.componentDidMount&&g.__h.push(g.componentDidMount);g.context=C,g.props=T,g.__P=t,g.__g&=-5,E=e.__r,R=M?25:0;do{g.__g&=-9,E&&E(n),f=g.render(g.props,g.state=g.__s,g.context)}while(8&g.__g&&++R<25);M&&(p.push.apply(g.__h,g.__k),g.__k=[]),g.state=g.__s,g.getChildContext&&(l=v({},l,g.getChildContext())),M&&i.__c&&g.getSnapshotBeforeUpdate&&(S=g.getSnapshotBeforeUpdate(y,x)),O=f&&f.type===b&&null==f.key?f.props.children:f,T.__P&&(f=a,o=(t=T.__P).namespaceURI,u=s=null,i.props&&i.props.__P!=t&&(i.__k.some(function(e){e&&W(e,e)}),i.__k=null),a=i.__k?k(i,0):null),a=P(t,m(O)?O:[O],n,i,l,o,s,r,a,u,c),T.__P&&(n.__e=null,a=f),n.__u&=-161,h&&h.some(_),g.__h.length&&r.push(g),1&g.__g&&(g.__g&=-4)}catch(t){if(r.length=$,n.__v=null,u||s)if(t&&t.then){if(n.__u|=128|u,s){for(~(U=s.indexOf(a||void 0))||(U=s.length);(z=s[U-1])&&8==z.nodeType;)U--;for(;U<s.length;U++)if(z=s[U])if(s[U]=null,j){if(z==N)break}else{if(8!=z.nodeType)break;z.data.startsWith("$s")&&(N=A(j=z))}}if(!j){for(;a&&8==a.nodeType&&a.nextSibling;)a=a.nextSibling;j=a}(f=A(j=n.__c.__z||(n.__c.__z=j)))?(n.__e=j,a=f):n.__e=a,a=a&&a.nextSibling}else s&&s.some(_);else n.__e=i.__e;n.__k||(n.__k=i.__k||[]),t&&t.then||D(n),e.__e(t,n,i)}}else a=n.__e=L(i.__e,n,i,l,o,s,r,u,c,t);return(f=e.diffed)&&f(n),a}function A(e,t){if(e&&8==e.nodeType&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(8==e.nodeType)if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&! --n)return e;t&&t.push(e)}}function D(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(D))}function j(t,n,i){for(var l=0;l<i.length;)N(i[l++],i[l++],i[l++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function L(t,n,i,l,o,s,r,a,u,c){var d,p,v,g,y,b,w,x,S=i.props||f,T=n.props,M=n.type;if("svg"==M?o="http://www.w3.org/2000/svg":"math"==M?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),s)for(d=0;d<s.length;d++)if((y=s[d])&&(M?y.localName==M:3==y.nodeType)){t=y,s[d]=null;break}if(!t){if(x=c.ownerDocument||document,!M)return x.createTextNode(T);t=x.createElementNS(o,M,T.is?T:c),a&&(e.__m&&e.__m(n,s),a=!1),s=null}if(M){if(c="template"==M&&t.content||t,s="textarea"==M&&null!=T.defaultValue?null:s&&$.call(c.childNodes),!a&&s)for(S={},d=0;d<t.attributes.length;d++)S[(y=t.attributes[d]).name]=y.value;for(d in S)y=S[d],"dangerouslySetInnerHTML"==d?v=y:"children"==d||d in T||"value"==d&&"defaultValue"in T||"checked"==d&&"defaultChecked"in T||R(t,d,null,y,o);for(d in T)y=T[d],"children"==d?g=y:"dangerouslySetInnerHTML"==d?p=y:"value"==d?b=y:"checked"==d?w=y:a&&"function"!=typeof y||S[d]===y||R(t,d,y,S[d],o);p?(a||v&&(p.__html==v.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(v&&(t.textContent=""),("foreignObject"==M||"http://www.w3.org/1998/Math/MathML"==o&&h.test(M))&&(o="http://www.w3.org/1999/xhtml"),P(c,m(g)?g:[g],n,i,l,o,s,r,s?s[0]:i.__k&&k(i,0),a,u),s&&s.some(_)),a&&"textarea"!=M||(d="value","progress"==M&&null==b?t.removeAttribute(d):null==b||b===t[d]&&("progress"!=M||b)||R(t,d,b,S[d],o),d="checked",null!=w&&w!=t[d]&&R(t,d,w,S[d],o))}else S===T||a&&t.data==T||(t.data=T);return t}function N(t,n,i,l){try{"function"==typeof t?n?n.__x=t(n)||1:l&&(l=l.__c||l.__e)&&(n=l.__x)&&(l.__x=null,"function"==typeof n?n():t(null)):t.current=n}catch(t){e.__e(t,i)}}function W(t,n,i){var l,o,s,r;if(e.unmount&&e.unmount(t),!(l=t.ref)||l.current&&l.current!=t.__e||N(l,null,n,t),l=t.__c){if(l.componentWillUnmount)try{l.componentWillUnmount()}catch(t){e.__e(t,n)}l.__P=l.__n=null}if(l=t.__k)for(r=0;r<l.length;r++)l[r]&&W(l[r],n,"function"!=typeof t.type||i&&!t.props.__P);!i&&(l=t.__c)&&(l=l.__z)&&(o=A(l,s=[]))&&(l==t.__e&&s.some(_),_(o),_(l)),i||_(t.__e),t.__e=t.__c=t.__=null}function I(e,t,n){return this.constructor(e,n)}e={__e:function(e,t,n,i){for(var l,s,r;t=t.__;)if((l=t.__c)&&!(1&l.__g)){l.__g|=4;try{if((r=(s=l.constructor)&&s.getDerivedStateFromError)&&l.setState(s.getDerivedStateFromError(e)),l.componentDidCatch&&(l.componentDidCatch(e,i||{}),r=1),r&&8&l.__g)return void(l.__g|=2)}catch(t){e=t}}throw o=0,e}},t=0,n=function(e){return null!=e&&e.constructor===d},w.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=v({},this.state)),"function"==typeof e&&(e=e(v({},n),this.props)),e&&(v(n,e),this.__v&&(t&&this.__k.push(t),T(this)))},w.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),T(this))},w.prototype.render=b,i=[],o=0,s=function(e,t){return e.__v.__b-t.__v.__b},r=Symbol(),a=/(PointerCapture)$|Capture$/i,u=0,c={};var U=function(e,t,n,i){var l;t[0]=0;for(var o=1;o<t.length;o++){var s=t[o++],r=t[o]?(t[0]|=s?1:2,n[t[o++]]):t[++o];3===s?i[0]=r:4===s?i[1]=Object.assign(i[1]||{},r):5===s?(i[1]=i[1]||{})[t[++o]]=r:6===s?i[1][t[++o]]+=r+"":s?(l=e.apply(r,U(e,r,n,["",null])),i.push(l),r[0]?t[0]|=2:(t[o-2]=0,t[o]=l)):i.push(r)}return i},z=new Map;var H,F,B,G,V=Object.is,Y=0,J=[],K=[],Z=e,X=Z.__b,Q=Z.__r,ee=Z.diffed,te=Z.__c,ne=Z.unmount,ie=Z.__;function le(e,t){Z.__h&&Z.__h(F,e,Y||t),Y=0;var n=F.__H||(F.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function oe(e){return Y=1,function(e,t){var n=le(H++,2);if(n.t=e,!n.__c&&(n.__=[ve(void 0,t),function(e){var t=(n.__N||n.__)[0],i=n.t(t,e);V(t,i)||(n.__N=[i,n.__[1]],n.__c.setState({}))}],n.__c=F,!F.__f)){F.__f=!0;var i=F.shouldComponentUpdate;F.shouldComponentUpdate=function(e,t,n){var l=this.__H;if(!l)return!0;var o=!1,s=this.props!=e;if(l.__.some(function(e){e.__N&&(o=!0,V(e.__[0],e.__N[0])||(s=!0))}),i){var r=i.call(this,e,t,n);return o?r||s:r}return!o||s}}return n.__}(ve,e)}function se(e,t){var n=le(H++,3);!Z.__s&&$e(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,F.__H.__h.push(n))}function re(e){return Y=5,ae(function(){return{current:e}},[])}function ae(e,t){var n=le(H++,7);return $e(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function ue(){var e=le(H++,11);if(!e.__){for(var t=F.__v;!t.__m&&t.__;)t=t.__;var n=t.__m||(t.__m=[0,0]);e.__="P"+n[0]+"-"+n[1]++}return e.__}function ce(){var e;do{for(;e=K.shift();)try{he(e)}catch(t){Z.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=J.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(he),t.__h.some(me),t.__h=[]}catch(n){t.__h=[],Z.__e(n,e.__v)}}}while(K.length)}Z.__b=function(e){F=null,X&&X(e)},Z.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),ie&&ie(e,t)},Z.__r=function(e){Q&&Q(e),H=0;var t=(F=e.__c).__H;t&&(B==F?F.__h=[]:(t.__h.some(he),t.__h.some(me),H=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),B=F},Z.diffed=function(e){ee&&ee(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&pe(J.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),B=F=null},Z.__c=function(e,t){t.some(function(e){try{e.__h.some(he),e.__h=e.__h.filter(function(e){return!e.__||me(e)})}catch(t){e.__h=[function(){throw t}]}}),te&&te(e,t)},Z.unmount=function(e){ne&&ne(e);var t,n,i=e.__c;i&&i.__H&&(i.__H.__.some(function(i){try{if(i.__P&&i.__c){if(void 0===n){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}i.__P=n,pe(K.push(i))}else he(i)}catch(e){t=e}}),i.__H=void 0,t&&Z.__e(t,i.__v))};var de="function"==typeof requestAnimationFrame;function fe(e){var t,n=function(){clearTimeout(i),de&&cancelAnimationFrame(t),setTimeout(e)},i=setTimeout(n,35);de&&(t=requestAnimationFrame(n))}function pe(e){1!=e&&G==Z.requestAnimationFrame||((G=Z.requestAnimationFrame)||fe)(ce)}function he(e){var t=F,n=e.__c;"function"==typeof n&&(e.__c=void 0,n()),F=t}function me(e){var t=F;e.__c=e.__(),F=t}function $e(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!V(t,e[n])})}function ve(e,t){return"function"==typeof t?t(e):t}const _e=Symbol.for("preact-signals");function ge(){if(Te>1)return void Te--;let e,t=!1;for(!function(){let e=Se;for(Se=void 0;void 0!==e;){const t=e.S;if(t.v===e.v)for(let n=t.t;void 0!==n;n=n.x)n.i===e.i&&(n.i=t.i);e=e.o}}();void 0!==ke;){let n=ke;for(ke=void 0,Me++;void 0!==n;){const i=n.u;if(n.u=void 0,n.f&=-3,!(8&n.f)&&Ae(n))try{n.c()}catch(n){t||(e=n,t=!0)}n=i}}if(Me=0,Te--,t)throw e}function ye(e){if(Te>0)return e();qe=++Pe,Te++;try{return e()}finally{ge()}}let be,we,ke;function xe(e){const t=be,n=we;be=void 0,we=void 0;try{return e()}finally{be=t,we=n}}let Se,Te=0,Me=0,Pe=0,qe=0,Ce=0;function Ee(e){if(void 0===be)return;let t=e.n;return void 0===t||t.t!==be?(t={i:0,S:e,p:be.s,n:void 0,t:be,e:void 0,x:void 0,r:t},void 0!==be.s&&(be.s.n=t),be.s=t,e.n=t,32&be.f&&e.S(t),t):-1===t.i?(t.i=0,void 0!==t.n&&(t.n.p=t.p,void 0!==t.p&&(t.p.n=t.n),t.p=be.s,t.n=void 0,be.s.n=t,be.s=t),t):void 0}function Re(e,t){this.v=e,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=null==t?void 0:t.watched,this.Z=null==t?void 0:t.unwatched,this.name=null==t?void 0:t.name}function Oe(e,t){return new Re(e,t)}function Ae(e){for(let t=e.s;void 0!==t;t=t.n)if(t.S.i!==t.i||!t.S.h()||t.S.i!==t.i)return!0;return!1}function De(e){for(let t=e.s;void 0!==t;t=t.n){const n=t.S.n;if(void 0!==n&&(t.r=n),t.S.n=t,t.i=-1,void 0===t.n){e.s=t;break}}}function je(e){let t,n=e.s;for(;void 0!==n;){const e=n.p;-1===n.i?(n.S.U(n),void 0!==e&&(e.n=n.n),void 0!==n.n&&(n.n.p=e)):t=n,n.S.n=n.r,void 0!==n.r&&(n.r=void 0),n=e}e.s=t}function Le(e,t){Re.call(this,void 0,t),this.x=e,this.s=void 0,this.g=Ce-1,this.f=4}function Ne(e,t){return new Le(e,t)}function We(e){const t=e.j;if(e.j=void 0,"function"==typeof t){Te++;const n=be;be=void 0;try{t()}catch(t){throw e.f&=-2,e.f|=8,Ie(e),t}finally{be=n,ge()}}}function Ie(e){for(let t=e.s;void 0!==t;t=t.n)t.S.U(t);e.x=void 0,e.s=void 0,We(e)}function Ue(e){if(be!==this)throw new Error("Out-of-order effect");je(this),be=e,this.f&=-2;try{8&this.f&&Ie(this)}finally{ge()}}function ze(e,t){this.x=e,this.j=void 0,this.s=void 0,this.u=void 0,this.f=32,this.name=null==t?void 0:t.name,we&&we.push(this)}function He(e,t){const n=new ze(e,t);try{n.c()}catch(e){throw n.d(),e}const i=n.d.bind(n);return i[Symbol.dispose]=i,i}Re.prototype.brand=_e,Re.prototype.h=function(){return!0},Re.prototype.S=function(e){const t=this.t;t!==e&&void 0===e.e&&(e.x=t,this.t=e,void 0!==t?t.e=e:xe(()=>{var e;null==(e=this.W)||e.call(this)}))},Re.prototype.U=function(e){if(void 0!==this.t){const t=e.e,n=e.x;void 0!==t&&(t.x=n,e.e=void 0),void 0!==n&&(n.e=t,e.x=void 0),e===this.t&&(this.t=n,void 0===n&&xe(()=>{var e;null==(e=this.Z)||e.call(this)}))}},Re.prototype.subscribe=function(e){return He(()=>{const t=this.value;xe(()=>e(t))},{name:"sub"})},Re.prototype.valueOf=function(){return this.value},Re.prototype.toString=function(){return this.value+""},Re.prototype.toJSON=function(){return this.value},Re.prototype.peek=function(){return xe(()=>this.value)},Object.defineProperty(Re.prototype,"value",{get(){const e=Ee(this);return void 0!==e&&(e.i=this.i),this.v},set(e){if(e!==this.v){if(Me>100)throw new Error("Cycle detected");!function(e){0!==Te&&0===Me&&e.l!==qe&&(e.l=qe,Se={S:e,v:e.v,i:e.i,o:Se})}(this),this.v=e,this.i++,Ce++,Te++;try{for(let e=this.t;void 0!==e;e=e.x)e.t.N()}finally{ge()}}}}),Le.prototype=new Re,Le.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if(32==(36&this.f))return!0;if(this.f&=-5,this.g===Ce)return!0;if(this.g=Ce,this.f|=1,this.i>0&&!Ae(this))return this.f&=-2,!0;const e=be;try{De(this),be=this;const e=this.x();(16&this.f||this.v!==e||0===this.i)&&(this.v=e,this.f&=-17,this.i++)}catch(e){this.v=e,this.f|=16,this.i++}return be=e,je(this),this.f&=-2,!0},Le.prototype.S=function(e){if(void 0===this.t){this.f|=36;for(let e=this.s;void 0!==e;e=e.n)e.S.S(e)}Re.prototype.S.call(this,e)},Le.prototype.U=function(e){if(void 0!==this.t&&(Re.prototype.U.call(this,e),void 0===this.t)){this.f&=-33;for(let e=this.s;void 0!==e;e=e.n)e.S.U(e)}},Le.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(let e=this.t;void 0!==e;e=e.x)e.t.N()}},Object.defineProperty(Le.prototype,"value",{get(){if(1&this.f)throw new Error("Cycle detected");const e=Ee(this);if(this.h(),void 0!==e&&(e.i=this.i),16&this.f)throw this.v;return this.v}}),ze.prototype.c=function(){const e=this.S();try{if(8&this.f)return;if(void 0===this.x)return;const e=this.x();"function"==typeof e&&(this.j=e)}finally{e()}},ze.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,We(this),De(this),Te++;const e=be;return be=this,Ue.bind(this,e)},ze.prototype.N=function(){2&this.f||(this.f|=2,this.u=ke,ke=this)},ze.prototype.d=function(){this.f|=8,1&this.f||Ie(this)},ze.prototype.dispose=function(){this.d()};const Fe="undefined"!=typeof window&&!!window.__PREACT_SIGNALS_DEVTOOLS__;let Be,Ge,Ve=[];function Ye(t,n){e[t]=n.bind(null,e[t]||(()=>{}))}function Je(e){if(Ge){const e=Ge;Ge=void 0,e()}Ge=e&&e.S()}function Ke({data:e}){const t=Xe(e);t.name="ReactiveDom",t.value=e;const[i,l]=ae(()=>{let e=this,i=this.__v;for(;i=i.__;)if(i.__c){i.__c.__$f|=4;break}const l=Ne(()=>{let e=t.value.value;return 0===e?0:!0===e?"":e||""}),o=Ne(()=>!Array.isArray(l.value)&&!n(l.value)),s=He(function(){if(this.N=tt,o.value){const t=l.value;e.__v&&e.__v.__e&&3===e.__v.__e.nodeType&&(e.__v.__e.data=t)}}),r=this.__$u.d;return this.__$u.d=function(){s(),r.call(this)},[o,l]},[]);return i.value?l.peek():l.value}function Ze(e,t,n,i){const l=t in e&&void 0===e.ownerSVGElement,o=Oe(n);return{o:(e,t)=>{o.value=e,i=t},d:He(function(){this.N=tt;const n=o.value.value;i[t]!==n&&(i[t]=n,l?e[t]=n:null==n||!1===n&&"-"!==t[4]?e.removeAttribute(t):e.setAttribute(t,n))})}}function Xe(e,t){return ae(()=>Oe(e,t),[])}He(function(){Be=this.N})(),Ke.displayName="ReactiveTextNode",Object.defineProperties(Re.prototype,{constructor:{configurable:!0,value:g(b,null).constructor},type:{configurable:!0,value:Ke},props:{configurable:!0,get(){const e=this;return{data:{get value(){return e.value}}}}},__b:{configurable:!0,value:1}}),Ye("__b",(e,t)=>{if(Je(),"string"==typeof t.type){let e,n=t.props;for(let i in n){if("children"===i)continue;let l=n[i];l instanceof Re&&(e||(t.__np=e={}),e[i]=l,n[i]=l.peek())}}e(t)}),Ye("__r",(e,t)=>{if(e(t),t.type!==b){Je();let e,n=t.__c;n&&(n.__$f&=-2,e=n.__$u,void 0===e&&(n.__$u=e=function(e,t){let n;return He(function(){n=this},{name:t}),n.c=e,n}(function(e){return function(){var t;Fe&&(null==(t=this.y)||t.call(this)),e.__$f|=1,e.setState({})}}(n),"function"==typeof t.type?t.type.displayName||t.type.name:""))),Je(e)}}),Ye("__e",(e,t,n,i)=>{Je(),e(t,n,i)}),Ye("diffed",(e,t)=>{let n;if(Je(),"string"==typeof t.type&&(n=t.__e)){let e=t.__np,i=t.props,l=n.U;if(l)for(let t in l){let n=l[t];void 0===n||e&&t in e||(n.d(),l[t]=void 0)}if(e){l||(l={},n.U=l);for(let t in e){let o=l[t],s=e[t];void 0===o?(o=Ze(n,t,s,i),l[t]=o):o.o(s,i)}}}e(t)}),Ye("unmount",(e,t)=>{if("string"==typeof t.type){let e=t.__e;if(e){const t=e.U;if(t){e.U=void 0;for(let e in t){let n=t[e];n&&n.d()}}}let n=t.__np;if(n){let e=t.props;for(let t in n)e[t]=n[t]}t.__np=void 0}else{let e=t.__c;if(e){e.__$f|=8;const t=e.__$u;t&&(e.__$u=void 0,t.d())}}e(t)}),Ye("__h",(e,t,n,i)=>{i<3&&(t.__$f|=2),e(t,n,i)}),w.prototype.shouldComponentUpdate=function(e,t){if(this.__R)return!0;const n=this.__$u,i=n&&void 0!==n.s;for(let e in t)return!0;if(this.__f||"boolean"==typeof this.u&&!0===this.u){const e=2&this.__$f;if(!(i||e||4&this.__$f))return!0;if(1&this.__$f)return!0}else{if(!(i||4&this.__$f))return!0;if(3&this.__$f)return!0}for(let t in e)if("__source"!==t&&e[t]!==this.props[t])return!0;for(let t in this.props)if(!(t in e))return!0;return!1};const Qe=e=>{queueMicrotask(()=>{queueMicrotask(e)})};function et(){ye(()=>{let e;for(;e=Ve.shift();)Be.call(e)})}function tt(){1===Ve.push(this)&&(e.requestAnimationFrame||Qe)(et)}const nt=function(e){var t=z.get(this);return t||(t=new Map,z.set(this,t)),(t=U(this,t.get(e)||(t.set(e,t=function(e){for(var t,n,i=1,l="",o="",s=[0],r=function(e){1===i&&(e||(l=l.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?s.push(0,e,l):3===i&&(e||l)?(s.push(3,e,l),i=2):2===i&&"..."===l&&e?s.push(4,e,0):2===i&&l&&!e?s.push(5,0,!0,l):i>=5&&((l||!e&&5===i)&&(s.push(i,0,l,n),i=6),e&&(s.push(i,e,0,n),i=6)),l=""},a=0;a<e.length;a++){a&&(1===i&&r(),r(a));for(var u=0;u<e[a].length;u++)t=e[a][u],1===i?"<"===t?(r(),s=[s],i=3):l+=t:4===i?"--"===l&&">"===t?(i=1,l=""):l=t+l[0]:o?t===o?o="":l+=t:'"'===t||"'"===t?o=t:">"===t?(r(),i=1):i&&("="===t?(i=5,n=l,l=""):"/"===t&&(i<5||">"===e[a][u+1])?(r(),3===i&&(s=s[0]),i=s,(s=s[0]).push(2,0,i),i=0):" "===t||"\t"===t||"\n"===t||"\r"===t?(r(),i=2):l+=t),3===i&&"!--"===l&&(i=4,s=s[0])}return r(),s}(e)),t),arguments,[])).length>1?t:t[0]}.bind(g);class it extends Error{constructor(e,{code:t,detail:n,title:i,problems:l}={},o){super(n??i??l?.map(e=>e.split("\n")[0]).join("; ")??`the gateway responded with ${e}`),this.name="Refused",this.status=e,this.code=t,this.after=o}}async function lt(e,{method:t="GET",body:n,signal:i}={}){const l=await fetch(e,{method:t,signal:i,cache:"no-store",credentials:"same-origin",redirect:"error",headers:{accept:"application/json",..."GET"===t?{}:{"content-type":"application/json"}},..."GET"===t?{}:{body:JSON.stringify(n??{})}}),o=await l.text(),s=/json/.test(l.headers.get("content-type")??"")&&""!==o?JSON.parse(o):void 0;if(l.ok)return s??o;throw new it(l.status,s,Number(l.headers.get("retry-after")??NaN)||void 0)}const ot={about:void 0,now:0,values:{},tables:{},seconds:[]};function st(e,t){const n={...e,...t};for(const[e,i]of Object.entries(t))null===i&&delete n[e];return n}const rt=Oe(ot),at=Ne(()=>rt.value.about),ut=Ne(()=>rt.value.now),ct=Ne(()=>rt.value.values.gateway),dt=Ne(()=>rt.value.values.problems),ft=Ne(()=>rt.value.values.marks),pt=Ne(()=>rt.value.seconds),ht={},mt=e=>Ne(()=>rt.value.tables[e]??ht),$t=Oe("connecting"),vt=Oe(0),[_t,gt]=[500,1e4];let yt,bt,wt,kt=0,xt=_t;function St(e){Pt(),yt=new EventSource("/live"),yt.addEventListener("snapshot",({data:e})=>Tt(function({about:e,now:t,values:n,tables:i,seconds:l}){return{about:e,now:t,values:n,tables:i,seconds:l}}(JSON.parse(e)))),yt.addEventListener("delta",({data:e})=>Tt(function(e,{now:t,values:n,tables:i,seconds:l}){return{about:e.about,now:t,values:0===Object.keys(n).length?e.values:{...e.values,...n},tables:Object.entries(i).reduce((e,[t,n])=>({...e,[t]:st(e[t]??{},n)}),e.tables),seconds:0===l.length?e.seconds:[...e.seconds,...l].slice(-300)}}(rt.value,JSON.parse(e)))),yt.onerror=()=>{Pt(),$t.value="lost",bt=setTimeout(()=>e(),xt*(.75+Math.random()/2)),xt=Math.min(2*xt,gt)},wt??=setInterval(Mt,250)}function Tt(e){kt=performance.now(),xt=_t,ye(()=>{rt.value=e,$t.value="live",vt.value=0})}function Mt(){const e=Math.floor((performance.now()-kt)/1e3);vt.value=0===kt||e<2?0:e}function Pt(){clearTimeout(bt),yt?.close(),yt=void 0}const qt=Oe({state:"unknown"}),Ct=Ne(()=>"in"===qt.value.state&&"operate"===qt.value.role);async function Et(){try{qt.value={state:"in",...await lt("/session")}}catch(e){if(401===e.status||403===e.status)return Ot()}St(Et)}async function Rt(){await lt("/logout",{method:"POST"}).catch(()=>{}),Ot()}function Ot(){Pt(),clearInterval(wt),wt=void 0,ye(()=>{rt.value=ot,$t.value="connecting",vt.value=0}),qt.value={state:"out"}}const At="–";function Dt(e){if(null==e||Number.isNaN(e))return At;const t=Math.abs(e);return t>=999500?`${jt(e/1e6)}M`:t>=9999.5?`${jt(e/1e3)}k`:t>=100?String(Math.round(e)):jt(e)}function jt(e){const t=Math.abs(e);return String(Number(e.toFixed(t>=100?0:t>=10?1:2)))}function Lt(e){return null==e?At:e<10?`${Number(e.toFixed(1))} ms`:e<999.5?`${Math.round(e)} ms`:`${jt(e/1e3)} s`}function Nt(e){if(null==e)return At;const t=["B","KiB","MiB","GiB","TiB"],n=e<1?0:Math.min(Math.floor(Math.log2(e)/10),t.length-1);return`${jt(e/1024**n)} ${t[n]}`}function Wt(e){return null==e?At:`${jt(100*e)} %`}const It=[["d",86400],["h",3600],["min",60],["s",1]];function Ut(e){let t=Math.max(0,Math.floor(e/1e3));const n=It.findIndex(([,e])=>t>=e);return-1===n?"0 s":It.slice(n,n+2).flatMap(([e,n])=>{const i=Math.floor(t/n);return t%=n,0===i?[]:[`${i} ${e}`]}).join(" ")}function zt(e,t){return null==e?At:t-e<1e3?"just now":`${Ut(t-e)} ago`}function Ht(e){return Ft.format(e)}const Ft=new Intl.DateTimeFormat("en-GB",{timeStyle:"medium"});function Bt(e,t){return`${e} ${t}${1===e?"":"s"}`}function Gt(){const[e,t]=oe(),[n,i]=oe(!1),l=re(null);se(()=>l.current.focus(),[]);return nt`
    <main class="login" id="main">
      <h1>Onedoor</h1>
      <form onSubmit=${async e=>{e.preventDefault();const n=l.current.value;if(""===n)return t("Enter the token first.");i(!0);try{await async function(e){await lt("/login",{method:"POST",body:{token:e}}),await Et()}(n)}catch(e){t(function({after:e,message:t,status:n}){return 401===n?"This is not the token.":429===n?`Too many wrong tokens. Try again ${void 0===e?"later":`in ${Bt(e,"second")}`}.`:void 0===n?"The gateway cannot be reached.":t}(e)),i(!1),l.current.value="",l.current.focus()}}} aria-describedby="login-problem">
        <label for="token">Token of the admin listener</label>
        <input id="token" ref=${l} type="password" autocomplete="current-password" aria-invalid=${void 0!==e} />
        <p id="login-problem" class="problem" role="alert">${e}</p>
        <button type="submit" disabled=${n}>Log in</button>
      </form>
      <p class="hint">It is <code>admin.token</code> of the configuration, or <code>admin.viewToken</code> to look only.</p>
    </main>`}const Vt=Oe(Kt(location.hash));function Yt(e,t={},n=""){const i=new URLSearchParams(Object.entries(t).filter(([,e])=>void 0!==e&&""!==e));return`#/${e}${""===n?"":`/${encodeURIComponent(n)}`}${0===i.size?"":`?${i}`}`}function Jt(e){const{view:t,item:n,query:i}=Vt.value;history.replaceState(null,"",Yt(t,{...Object.fromEntries(i),...e},n)),Vt.value=Kt(location.hash)}function Kt(e){const[,t="",n="",i=""]=/^#\/([a-z-]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(e)??[];return{view:""===t?"overview":t,item:Zt(n),query:new URLSearchParams(i)}}function Zt(e){try{return decodeURIComponent(e)}catch{return e}}addEventListener("hashchange",()=>{Vt.value=Kt(location.hash)});const Xt={good:"●",notice:"◆",warning:"▲",critical:"■",off:"○"};function Qt({kind:e,children:t}){return nt`<span class="state ${e}"><span class="shape" aria-hidden="true">${Xt[e]}</span> ${t}</span>`}const en=Oe(void 0);let tn;function nn(e,t="good"){clearTimeout(tn),en.value={text:e,kind:t},tn=setTimeout(()=>{en.value=void 0},8e3)}function ln(){return nt`
    <div role="status" class="said">
      ${void 0!==en.value&&nt`<p><${Qt} kind=${en.value.kind}>${en.value.text}<//></p>`}
    </div>`}function on({problem:e}){return void 0===e?nt`<p role="status" class="empty">Asking the gateway.</p>`:nt`<p role="alert" class="empty"><${Qt} kind="critical">${sn(e)}<//></p>`}function sn({message:e,status:t}){return void 0===t?"The gateway cannot be reached.":e}function rn(e,{every:t,after:n}={}){const[i,l]=oe({}),[o,s]=oe(0);se(()=>{if(void 0===e)return;const n=new AbortController,{signal:i}=n,o=async()=>{try{const t=await lt(e,{signal:i});l({path:e,value:t})}catch(t){if(i.aborted)return;401===t.status&&Et(),l(n=>({...n,path:e,value:n.path===e?n.value:void 0,problem:t}))}};o();const s=void 0===t?void 0:setInterval(()=>{"visible"===document.visibilityState&&o()},t);return()=>{clearInterval(s),n.abort()}},[e,t,n,o]);const{value:r,problem:a}=i.path===e?i:{};return{value:r,problem:a,again:()=>s(o+1)}}const an={text:()=>{},diff:e=>/^(?:\+\+\+|---|@@)/.test(e)?"place":e.startsWith("+")?"added":e.startsWith("-")?"removed":void 0,yaml:e=>/^\s*#/.test(e)?"comment":void 0};function un({text:e,kind:t="text",label:n}){const[i,l]=oe(!1),o=ae(()=>e.replace(/\n$/,"").split("\n"),[e]),s=ae(()=>(i?o:o.slice(0,2e3)).map((e,n)=>nt`
    <span key=${n} class=${an[t](e)}>${"yaml"===t?function(e){const[,t,n,i]=/^([\s-]*)("[^"]*"|[^\s"#:][^:#]*)(:(?:\s.*)?)$/.exec(e)??[];return void 0===n?e:nt`${t}<b>${n}</b>${i}`}(e):e}</span>${"\n"}`),[o,i,t]);return nt`
    <pre class="code" role="group" aria-label=${n} tabindex="0">${s}</pre>
    ${s.length<o.length&&nt`
      <button type="button" class="more" onClick=${()=>l(!0)}>Show all ${o.length} lines</button>`}`}function cn({name:e,label:t,placeholder:n,type:i="search",suggestions:l}){const o=ue();return nt`
    <label class="filter">
      <span>${t}</span>
      <input type=${i} name=${e} placeholder=${n} autocomplete="off" spellcheck=${!1} list=${l&&o}
        value=${Vt.value.query.get(e)??""} onInput=${({currentTarget:t})=>Jt({[e]:t.value})} />
    </label>
    ${l&&nt`<datalist id=${o}>${l.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>`}`}function dn(e,...t){const n=t.join(" ").toLowerCase();return e.toLowerCase().split(/\s+/).every(e=>n.includes(e))}function fn(e){return""===e?1/0:/^ */.exec(e)[0].length}function pn({path:e,after:t,title:n}){const{value:i,problem:l}=rn(e,{after:t}),o=Vt.value.query.get("lines")??"",s=ae(()=>void 0===i||""===o?void 0:function(e,t){const n=e.replace(/\n$/,"").split("\n"),i=new Set,l=[];let o=1/0;for(const[e,s]of n.entries()){const n=fn(s);for(;l.length>0&&l.at(-1).depth>=n;)l.pop();if(n<=o&&(o=1/0),t(s)){for(const e of l)i.add(e.index);o=Math.min(o,n)}o!==1/0&&i.add(e),l.push({index:e,depth:n})}return n.filter((e,t)=>i.has(t))}(i,e=>dn(o,e)),[i,o]);return nt`
    <section class="card file" aria-labelledby="effective-title">
      <h2 id="effective-title">${n}</h2>
      ${void 0===i?nt`<${on} problem=${l} />`:nt`
        <div class="tools inside">
          <${cn} name="lines" label="Lines with" placeholder="such as retry" />
          ${void 0!==navigator.clipboard&&nt`<button type="button" onClick=${()=>async function(e){try{await navigator.clipboard.writeText(e),nn("The configuration is in the clipboard.")}catch{nn("The browser does not allow that.","warning")}}(i)}>Copy all</button>`}
          <span class="count" role="status">${void 0===s?"":Bt(s.length,"line")}</span>
        </div>
        ${0===s?.length?nt`<p class="empty">No line has “${o}”.</p>`:nt`<${un} text=${s?.join("\n")??i} kind="yaml" label=${n} />`}
        <p class="hint">With all defaults, and without secrets.${void 0!==s&&" Shown with what each line belongs to."}</p>`}
    </section>`}function hn({time:e}){const t=ae(()=>Ne(()=>zt(e,ut.value)),[e]);return null==e?At:nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${t.value}</time>`}function mn({time:e}){if(null==e)return At;const t=e-ut.value;return nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${t<1e3?"under 1 s":Ut(t)}</time>`}const $n={start:"start of the gateway",file:"the file changed",SIGHUP:"SIGHUP",admin:"admin listener",program:"the program around the gateway"};function vn({trigger:e,restores:t}){return void 0===t?$n[e]??e:`restored configuration ${t}`}function _n({by:e,via:t}){return void 0===e?void 0:`${e} (${t})`}const gn={serving:"good",served:"off",refused:"warning"};function yn({records:e,record:t}){const{number:n}=t,i=function(e,t){return e.filter(e=>void 0!==e.generation&&e.number!==t)}(e,n),l=function(e,{generation:t}){return void 0===t?void 0:e.find(e=>e.generation===t-1)}(e,t),o=Vt.value.query.get("with")??"",s=""===o?l?.number:o,{value:r,problem:a}=rn(s&&`/reloads/${n}/diff?with=${s}`);return nt`
    <section class="card differs" aria-labelledby="diff-title">
      <div class="head">
        <h2 id="diff-title">What differs</h2>
        ${i.length>0&&nt`<label class="compared"><span>Compared with</span>
          <select value=${o} onChange=${({currentTarget:e})=>Jt({with:e.value})}>
            <option value="">${void 0===l?"none":`${l.number}, which served before`}</option>
            ${i.filter(e=>e!==l||o===String(e.number)).map(e=>nt`
              <option key=${e.number} value=${e.number}>${e.number}, of ${Ht(Date.parse(e.at))}</option>`)}
          </select></label>`}
      </div>
      ${void 0===s?nt`<p class="empty">What served before is not kept${i.length>0&&": choose one to compare with"}.</p>`:void 0===r?nt`<${on} problem=${a} />`:nt`<${wn} ...${r} />`}
    </section>`}const bn={added:"+",removed:"−",changed:"~"};function wn({from:e,to:t,diff:n,places:i,more:l}){return""===n?nt`<p class="empty" role="status">Nothing: ${e} and ${t} have the same effect.</p>`:nt`
    <p role="status">From ${e} to ${t}, ${Bt(i.length+l,"place")} differ${i.length+l===1&&"s"}:</p>
    <div class="found">
      <ul class="places" tabindex="0" aria-label="Places that differ">
        ${i.map(({place:e,change:t})=>nt`
          <li key=${e} class=${t}>
            <span aria-hidden="true">${bn[t]}</span><span class="mono break">${e}</span><span class="dim">${t}</span>
          </li>`)}
        ${l>0&&nt`<li class="dim">and ${Bt(l,"more place")}</li>`}
      </ul>
      <div><${un} text=${n} kind="diff" label=${`Difference from ${e} to ${t}`} /></div>
    </div>`}function kn(e=""){return e.startsWith("-")?{name:e.slice(1),descending:!0}:{name:e,descending:!1}}function xn({name:e,number:t=!1},n){const{name:i,descending:l}=kn(n);return(i===e?!l:t)?`-${e}`:e}function Sn(e,t,n){const i=n?-1:1;return e.map(e=>({row:e,value:t(e)??void 0})).toSorted(({value:e},{value:t})=>void 0===e||void 0===t?Number(void 0===e)-Number(void 0===t):i*("number"==typeof e?e-t:Tn.compare(e,t))).map(({row:e})=>e)}const Tn=new Intl.Collator("en",{numeric:!0});function Mn({caption:e,columns:t,rows:n,keyOf:i,sort:l="",empty:o="There is none.",stateOf:s=()=>{}}){const[r,a]=oe(!1),u=re(void 0),c=Vt.value.query.get("sort")??l,{name:d,descending:f}=kn(c),p=t.find(e=>e.name===d)?.by,h=void 0===p?n:Sn(n,p,f),m=void 0===u.current?h:function(e,t,n){const i=new Map(e.map((e,t)=>[e,t]));return Sn(t,e=>i.get(n(e)),!1)}(u.current,h,i),$=r?m:m.slice(0,200),v=()=>{u.current??=m.map(i)},_=()=>{u.current=void 0};return 0===n.length?nt`<p class="empty">${o}</p>`:nt`
    <div class="scroll" role="group" aria-label=${e} tabindex="0">
      <table>
        <caption class="hidden">${e}</caption>
        <thead><tr>${t.map(e=>nt`<${Pn} key=${e.name} column=${e} sorting=${c} />`)}</tr></thead>
        <tbody onPointerEnter=${v} onPointerLeave=${_} onFocusIn=${v} onFocusOut=${_}>
          ${$.map(e=>nt`<${qn} key=${i(e)} row=${e} columns=${t} state=${s(e)} />`)}
        </tbody>
      </table>
    </div>
    ${$.length<m.length&&nt`
      <button type="button" class="more" onClick=${()=>a(!0)}>Show all ${m.length} rows</button>`}`}function Pn({column:e,sorting:t}){const{name:n,descending:i}=kn(t),l=n===e.name,o=l?i?"descending":"ascending":void 0;return nt`
    <th scope="col" class=${Cn(e)} title=${e.hint} aria-sort=${o}>
      ${void 0===e.by?e.title:nt`
        <button type="button" class="sort" onClick=${()=>Jt({sort:xn(e,t)})}>
          ${e.title}<span class="arrow" aria-hidden="true">${l?i?"▼":"▲":""}</span>
        </button>`}
    </th>`}function qn({row:e,columns:t,state:n}){return ae(()=>nt`
    <tr class=${n}>
      ${t.map((t,n)=>0===n?nt`<th key=${t.name} scope="row" class=${Cn(t)}>${t.cell(e)}</th>`:nt`<td key=${t.name} class=${Cn(t)}>${t.cell(e)}</td>`)}
    </tr>`,[e,t,n])}function Cn({minor:e=!1,number:t=!1}){return[t&&"number",e&&"minor"].filter(Boolean).join(" ")||void 0}const En=[{name:"number",title:"No.",by:({number:e})=>e,cell:function({number:e}){return nt`<a href=${Yt("configuration",{},String(e))} aria-label=${`Configuration ${e}`}>${e}</a>`}},{name:"when",title:"When",by:({at:e})=>e,cell:function({at:e}){return nt`<span class="when"><${hn} time=${Date.parse(e)} /></span>`}},{name:"result",title:"Result",by:({result:e})=>e,cell:function({result:e}){return nt`<${Qt} kind=${gn[e]}>${e}<//>`}},{name:"trigger",title:"Trigger",minor:!0,cell:function(e){return nt`${vn(e)}${void 0!==e.reason&&nt`<span class="dim break">: ${e.reason}</span>`}`}},{name:"by",title:"By",minor:!0,cell:e=>_n(e)??nt`<span class="dim">${At}</span>`},{name:"changes",title:"Changes",hint:"Places added, removed and changed since the one that served before",cell:On},{name:"generation",title:"Generation",number:!0,minor:!0,cell:({generation:e})=>e??At}];function Rn({records:e}){return nt`
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <${Mn} caption="Configurations" columns=${En} rows=${e} keyOf=${({number:e})=>String(e)} />
      <p class="hint">The latest 20 that served and 20 that were refused are kept in memory until the gateway restarts.</p>
    </section>`}function On({changes:e,problems:t}){if(void 0!==t)return nt`<span class="changes">${Bt(t.length,"problem")}</span>`;if(void 0===e)return nt`<span class="dim">${At}</span>`;const{added:n,removed:i,changed:l}=e;return nt`
    <span class="changes" role="img" aria-label=${`${n} added, ${i} removed, ${l} changed`}>
      <span class=${n>0?"added":"dim"}>+${n}</span> <span class=${i>0?"removed":"dim"}>−${i}</span>${" "}
      <span class=${l>0?void 0:"dim"}>~${l}</span>
    </span>`}function An(){const{generation:e,lastReload:t}=ct.value??{};if(!1!==t?.ok)return nt`<div role="status"></div>`;const{at:n,problems:i}=t;return nt`
    <section class="card refused" aria-labelledby="refused-title">
      <h2 id="refused-title"><${Qt} kind="warning">The file was refused<//></h2>
      <p><span role="status">It has ${Bt(i.length,"problem")}; generation ${e} serves on.</span>
        ${" "}<span class="dim"><${hn} time=${Date.parse(n)} /></span></p>
      <${Dn} problems=${i} />
    </section>`}function Dn({problems:e}){return nt`<${un} text=${e.join("\n\n")} label="Problems of the configuration" />`}function jn({title:e,confirm:t,dangerous:n=!1,change:i,onClose:l,children:o}){const[s,r]=oe(),[a,u]=oe(!1),c=re(null),d=ue();se(()=>c.current.showModal(),[]);return nt`
    <dialog ref=${c} aria-labelledby=${d} onClose=${l}>
      <form onSubmit=${async e=>{e.preventDefault(),u(!0);try{await i(Object.fromEntries(new FormData(e.currentTarget))),c.current.close()}catch(e){r(sn(e)),u(!1)}}}>
        <h2 id=${d}>${e}</h2>
        ${o}
        <p class="problem" role="alert">${s}</p>
        <div class="buttons">
          <button type="button" onClick=${()=>c.current.close()}>Cancel</button>
          <button type="submit" class=${n?"primary dangerous":"primary"} disabled=${a}>${t}</button>
        </div>
      </form>
    </dialog>`}function Ln({label:e,hint:t,children:n}){return nt`<label class="field"><span>${e}</span>${n}${t&&nt`<small>${t}</small>`}</label>`}function Nn({number:e,onClose:t}){return nt`
    <${jn} title=${`Serve configuration ${e} again`} confirm="Serve it" change=${async({reason:t})=>{await lt(`/reloads/${e}/restore?${new URLSearchParams({reason:t})}`,{method:"POST"}),nn(`Configuration ${e} serves again, until the file changes or is reloaded.`)}} onClose=${t}>
      <p>It serves at once, in all threads, and no request is lost. Secrets, certificates and plugins are those of now.</p>
      <p>This is temporary: the file is the truth, and takes over when it changes or is reloaded.</p>
      <${Ln} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}function Wn({records:e,number:t,again:n}){const[i,l]=oe(!1),o=e.find(e=>e.number===t);if(void 0===o)return nt`<p class="card empty">This configuration is not kept: there never was one, or it is forgotten.</p>`;const{result:s,generation:r,problems:a}=o;return nt`
    <section class="card" aria-labelledby="about-title">
      <div class="head">
        <h2 id="about-title">
          <${Qt} kind=${gn[s]}>${s}<//>${void 0!==r&&` as generation ${r}`}
        </h2>
        ${Ct.value&&"served"===s&&nt`
          <button type="button" onClick=${()=>l(!0)}>Serve this configuration again</button>`}
      </div>
      <${In} record=${o} />
    </section>
    ${void 0===a?nt`<${yn} records=${e} record=${o} />
        <${pn} path=${`/reloads/${t}`} title="Effective configuration" />`:nt`<section class="card refused" aria-labelledby="problems-title">
        <h2 id="problems-title">Why it was refused</h2>
        <${Dn} problems=${a} />
      </section>`}
    ${i&&nt`<${Nn} number=${t} onClose=${()=>{l(!1),n()}} />`}`}function In({record:e}){const{at:t,reason:n}=e;return nt`
    <dl class="pairs">
      <dt>Loaded</dt>
      <dd><${hn} time=${Date.parse(t)} /> <span class="dim">at ${Ht(Date.parse(t))}</span></dd>
      <dt>Trigger</dt>
      <dd>${vn(e)}</dd>
      ${void 0!==e.by&&nt`<dt>By</dt><dd>${_n(e)}</dd>`}
      ${void 0!==n&&nt`<dt>Why</dt><dd>${n}</dd>`}
      <dt>Changes</dt>
      <dd><${On} ...${e} /></dd>
    </dl>`}function Un({known:{file:e,included:t,restored:n,reloads:i},again:l}){const o=i.find(({result:e})=>"serving"===e),s=ct.value?.warnings??[],{number:r,generation:a,at:u,reason:c}=o;return nt`
    <section class="card" aria-labelledby="now-title">
      <div class="head"><h2 id="now-title">Serves now</h2>${Ct.value&&nt`<${Hn} again=${l} />`}</div>
      <dl class="pairs">
        ${void 0!==n&&nt`
          <dt>State</dt>
          <dd><${Qt} kind="notice">Configuration ${n.number} serves again.<//>${" "}
            The file is the truth: this one serves until the file changes or is reloaded.</dd>`}
        <dt>File</dt>
        <dd>${void 0===e?"none: a program gave it":nt`<span class="mono">${e}</span>`}
          ${t>0&&nt` <span class="dim">and ${Bt(t,"included file")}</span>`}</dd>
        <dt>Configuration</dt>
        <dd><a href=${Yt("configuration",{},String(r))}>${r}</a>, generation ${a}</dd>
        <dt>Loaded</dt>
        <dd><${hn} time=${Date.parse(u)} /> <span class="dim">at ${Ht(Date.parse(u))}</span></dd>
        <dt>Trigger</dt>
        <dd>${vn(o)}${void 0!==o.by&&`, by ${_n(o)}`}${void 0!==c&&`: ${c}`}</dd>
        <dt>Warnings</dt>
        <dd>${0===s.length?"none":nt`<ul>${s.map(e=>nt`<${zn} key=${e} line=${e} />`)}</ul>`}</dd>
      </dl>
    </section>`}function zn({line:e}){const{place:t,text:n}=function(e){const[,t,n]=/^(\S.*?) {2}(?:warning: )?(.*)$/s.exec(e)??[];return void 0===t?{text:e.replace(/^warning: /,"")}:{place:t,text:n}}(e);return nt`
    <li>${void 0!==t&&nt`<span class="mono dim break">${t}</span> `}<${Qt} kind="warning">warning:<//> ${n}</li>`}function Hn({again:e}){const[t,n]=oe(!1);return nt`<button type="button" disabled=${t} onClick=${async()=>{n(!0);try{await lt("/reload",{method:"POST"}),nn("The file was reloaded and serves.")}catch(e){nn(422===e.status?`The file was refused: ${e.message}`:sn(e),"warning")}n(!1),e()}}>Reload the file</button>`}const Fn=/token|secret|api-?key|passw|auth|cookie|credential|signature|session|jwt/i,Bn=/\beyJ[\w-]+\.[\w-]+\.[\w-]+/;function Gn(e){const t=e.getAll("header").join("\n"),n={method:e.get("method")??"GET",url:e.get("url")??"",ip:e.get("ip")??"",headers:t,withSecrets:!1,leftOut:e.get("without")??""};return{...n,withSecrets:Jn(n).length>0}}function Vn({method:e,url:t,ip:n,headers:i}){return{method:e.trim(),url:t.trim(),header:Kn(i),...""===n.trim()?{}:{ip:n.trim()}}}const Yn="credentials of the URL";function Jn({headers:e,url:t}){const n=/\/\/[^/]*@/.test(t),i=Kn(e).filter(Qn).map(e=>Zn(e).toLowerCase());return[...new Set([...i,...n||Fn.test(t.split("?")[1]??"")||Bn.test(t)?[Yn]:[]])]}function Kn(e){return e.split("\n").map(e=>e.trim()).filter(e=>""!==e)}function Zn(e){return e.split(":",1)[0].trim()}function Xn(e){return e.slice(e.indexOf(":")+1).trim()}function Qn(e){return Fn.test(Zn(e))||Bn.test(e)}function ei(e,t){const{method:n,url:i,header:l}=Vn(e),o=i.startsWith("/")?void 0:URL.parse(i),s=o?.host,r="*"===i?"":null==o?i:i.replace(/^[^/]*\/\/[^/?#]*/,"");return ni("curl -i",[..."GET"===n?[]:["HEAD"===n?"--head":`-X ${ti(n)}`],.../[[\]{}]/.test(r)?["--globoff"]:[],.../\/\.|%2e/i.test(r)?["--path-as-is"]:[],..."*"===i?["--request-target '*'"]:[],...void 0===s?[]:[`-H ${ti(`Host: ${s}`)}`],...l.map(e=>`-H ${ti(function(e){return""===Xn(e)?`${Zn(e)};`:e}(e))}`),ti(`${t}${r}`)])}function ti(e){return/^[\w@%+=:,./-]+$/.test(e)?e:`'${e.replaceAll("'","'\\''")}'`}function ni(e,t){const n=[e,...t].join(" ");return n.length<=100?n:[e,...t].join(" \\\n  ")}function ii({asked:e,config:t}){const n=void 0===t?void 0:function({listeners:[e]=[]},t){const{host:n,port:i,tls:l}=e??{};if(!i)return;return`${void 0===l?"http":"https"}://${["0.0.0.0","::"].includes(n)?t:n.includes(":")?`[${n}]`:n}:${i}`}(t,location.hostname);return nt`
    <section class="card commands" aria-labelledby="commands-title">
      <h2 id="commands-title">The same in a shell</h2>
      ${void 0!==n&&nt`<${li} title="Send it" text=${ei(e,n)} />`}
      <${li} title="Explain it" text=${function(e){const{method:t,url:n,header:i,ip:l}=Vn(e);return ni("onedoor explain",[`${ti(t)} ${ti(n)}`,...i.map(e=>`-H ${ti(e)}`),...void 0===l?[]:[`--ip ${ti(l)}`],"--live"])}(e)} />
    </section>`}function li({title:e,text:t}){return nt`
    <div class="command">
      <p><span class="dim">${e}</span>
        ${void 0!==navigator.clipboard&&nt`
          <button type="button" class="quiet" aria-label=${`Copy: ${e}`} onClick=${async()=>{await navigator.clipboard.writeText(t),nn("Copied.")}}>Copy</button>`}</p>
      <${un} text=${t} label=${e} />
    </div>`}function oi({to:e,item:t,links:n}){return n.includes(e)?nt`<a class="break" href=${Yt(e,{},t)}>${t}</a>`:nt`<span class="break">${t}</span>`}const si=new Set(["refused","failed","responded","redirected","page"]),ri={...Object.fromEntries(["allowed","chosen","selected","issued","responded","sticky"].map(e=>[e,"good"])),...Object.fromEntries(["refused","closed","drained","not told","no key","fallback"].map(e=>[e,"warning"])),failed:"critical",unknown:"notice"};function ai(e,t){return void 0===t?"added":"[redacted]"===e?"hidden":[...t,t.join(", "),t.join("; ")].includes(e)?"entered":"changed"}const ui=new Set(["circuit-breaking","health-checks","load-balancing","unreachable-targets","target-discovery","draining"]);function ci({rehearsal:e,at:t,links:n,again:i}){const{outcome:{upstream:l,forwards:o},route:s,unknown:r}=e,{kind:a,what:u,by:c}=function({decisions:e,outcome:{status:t,code:n,location:i,target:l,forwards:o},unknown:s}){const r=e.findLast(({verdict:e})=>si.has(e))?.by;if(void 0!==o){const{method:e,path:t}=o;return{kind:s.length>0?"notice":"good",what:`${e} ${URL.parse(l)?.origin??l}${t}`,by:void 0}}return void 0!==n?{kind:t>=500?"critical":"warning",what:`${t} ${n}`,by:r}:{kind:"good",what:void 0===i?String(t):`${t} ${i}`,by:r}}(e);return nt`
    <section class="card outcome ${a}" aria-label="Outcome">
      ${r.length>0&&nt`<p class="banner"><${Qt} kind="notice">Not certain<//>
        ${" "}A rehearsal cannot tell what ${r.join(" and ")} will decide. If the request is admitted:</p>`}
      <p role="status" class="what">
        <${Qt} kind=${a}><span class="hidden">Outcome: </span><span class="break">→ ${u}</span><//>
      </p>
      <p class="facts">
        ${void 0!==c&&nt`<span>by <strong>${c}</strong></span>`}
        <span>${void 0===s?"no route fits":nt`route <${oi} to="routes" item=${s} links=${n} />`}</span>
        ${void 0!==l&&nt`<span>upstream <${oi} to="upstreams" item=${l} links=${n} /></span>`}
        ${void 0===o&&nt`<span>nothing would be sent to a service</span>`}
        <span class="dim">with the state of <${di} key=${t} at=${t} /></span>
        <button type="button" class="quiet" onClick=${i}>Explain again</button>
      </p>
    </section>`}function di({at:e}){const t=re(e);return 0===t.current&&(t.current=ut.value),0===t.current?"now":nt`<${hn} time=${t.current} />`}function fi({answer:{asked:e,rehearsal:t,at:n},links:i,again:l}){const{generation:o}=ct.value??{},{value:s}=rn(void 0===o?void 0:"/config",{after:o}),{candidates:r,decisions:a,outcome:u}=t,c=void 0!==u.forwards,d=nt`<${ii} key="commands" asked=${e} config=${s} />`;return nt`
    <${ci} rehearsal=${t} at=${n} links=${i} again=${l} />
    <div class="columns explained">
      <div>
        <section class="card" aria-labelledby="routes-title">
          <h2 id="routes-title">Routes whose path fits</h2>
          <${Mn} caption="Routes" columns=${function(e){return[{name:"route",title:"Route",cell:({route:t})=>nt`<${oi} to="routes" item=${t} links=${e} />`},{name:"verdict",title:"Verdict",cell:$i},{name:"why",title:"Why",cell:vi}]}(i)} rows=${_i(r)} keyOf=${gi}
            empty="No route of the configuration has this path." />
        </section>
        <section class="card" aria-labelledby="decisions-title">
          <h2 id="decisions-title">Decisions, in order</h2>
          <${Mn} caption="Decisions" columns=${function(e,t,n){const i=i=>{const{view:l,item:o,parameters:s}=function({by:e},{upstream:t},n={}){return"rate-limiting"===n[e]?.plugin?{view:"limits",parameters:{filter:e}}:void 0!==t&&ui.has(e)?{view:"upstreams",item:t}:void 0}(i,e,t?.policies)??{};return n.includes(l)?nt`<a class="by" href=${Yt(l,s,o)}>${i.by}</a>`:nt`<span class="by">${i.by}</span>`};return[{name:"by",title:"By",cell:i},{name:"verdict",title:"Verdict",cell:$i},{name:"why",title:"Why",cell:vi}]}(u,s,i)} rows=${_i(a)} keyOf=${gi}
            empty="Nothing had to be decided." />
        </section>
        ${c&&d}
      </div>
      <div>${c?nt`<${pi} rehearsal=${t} asked=${e} />`:d}</div>
    </div>`}function pi({rehearsal:{outcome:{forwards:e}},asked:t}){return nt`
    <section class="card" aria-labelledby="sent-title">
      <h2 id="sent-title">What would be sent</h2>
      <p class="mono break">${e.method} ${e.path}</p>
      <${Mn} caption="Header fields" columns=${hi} rows=${function({headers:e},t){const n=Kn(t),i=Map.groupBy(n.map(e=>[Zn(e).toLowerCase(),Xn(e)]),([e])=>e),l=[];for(let t=0;t+1<e.length;t+=2){const[n,o]=[e[t],e[t+1]],s=i.get(n.toLowerCase())?.map(([,e])=>e);l.push({name:n,value:o,origin:ai(o,s)})}const o=new Set(l.map(({name:e})=>e.toLowerCase())),s=[...i.keys()].filter(e=>!o.has(e)).map(e=>({name:e,value:void 0,origin:"dropped"}));return[...l,...s].map((e,t)=>({...e,id:String(t)}))}(e,t.headers)} keyOf=${({id:e})=>e} />
    </section>`}const hi=[{name:"name",title:"Field",cell:function(e){return nt`<span class="mono whole">${e.name}</span><div class="below"><${mi} ...${e} /></div>`}},{name:"origin",title:"Origin",minor:!0,hint:"Compared with what was entered",cell:mi},{name:"value",title:"Value",cell:function({origin:e,value:t}){return"dropped"===e?nt`<span class="dim">–</span>`:nt`<span class="mono break">${t}</span>`}}];function mi({origin:e}){return"entered"===e?nt`<span class="dim whole">as entered</span>`:"hidden"===e?nt`<span class="dim whole">not shown</span>`:"dropped"===e?nt`<${Qt} kind="off">not sent<//>`:nt`<${Qt} kind=${"added"===e?"notice":"warning"}>${e}<//>`}function $i({verdict:e}){return nt`<${Qt} kind=${function(e){return ri[e]??"off"}(e)}>${e}<//>`}function vi({why:e}){return nt`<span class="break">${e}</span>`}function _i(e){return e.map((e,t)=>({...e,id:String(t)}))}function gi({id:e}){return e}const yi=["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"];function bi({form:e,wrong:t,onChange:n,onSubmit:i}){const{method:l,url:o,ip:s,headers:r}=e,a=e=>{e.preventDefault(),i()},u=e=>({id:`explain-${e}`,name:e,autocomplete:"off",autocapitalize:"off",spellcheck:!1,"aria-invalid":t?.name===e?"true":void 0,"aria-describedby":t?.name===e?`explain-${e}-problem`:void 0});return nt`
    <form class="card rehearsed" onSubmit=${a}>
      <${wi} name="method" label="Method" wrong=${t}>
        <input ...${u("method")} class="mono" list="explain-methods" required value=${l}
          onInput=${({currentTarget:{value:e}})=>n({method:e.toUpperCase()})} />
        <datalist id="explain-methods">${yi.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>
      <//>
      <${wi} name="url" label="Path or URL" wrong=${t}>
        <input ...${u("url")} class="mono" required placeholder="/users/1" value=${o}
          onInput=${({currentTarget:{value:e}})=>n({url:e})} />
      <//>
      <${wi} name="ip" label="Address of the client" wrong=${t}>
        <input ...${u("ip")} class="mono" placeholder="127.0.0.1" value=${s}
          onInput=${({currentTarget:{value:e}})=>n({ip:e})} />
      <//>
      <button type="submit" class="primary">Explain</button>
      <${wi} name="header" label="Header fields, one a line" wrong=${t}>
        <textarea ...${u("header")} class="mono" rows=${Math.min(8,Math.max(2,Kn(r).length+1))} value=${r}
          placeholder="accept: application/json" onKeyDown=${e=>{"Enter"===e.key&&(e.ctrlKey||e.metaKey)&&a(e)}}
          onInput=${({currentTarget:{value:e}})=>n({headers:e})}></textarea>
      <//>
      <${ki} form=${e} onChange=${n} />
    </form>`}function wi({name:e,label:t,wrong:n,children:i}){return nt`
    <div class="field ${e}">
      <label for=${`explain-${e}`}>${t}</label>
      ${i}
      ${n?.name===e&&nt`<p class="problem" role="alert" id=${`explain-${e}-problem`}>${n.text}</p>`}
    </div>`}function ki({form:e,onChange:t}){const{leftOut:n,withSecrets:i}=e,l=Jn(e);return 0===l.length&&""===n?null:nt`
    <div class="secrets">
      ${0===l.length?nt`<p>The link leaves out: ${n}. Enter it where it counts.</p>`:nt`
        <p>${i?`The address of this page has ${l.join(", ")}: who gets the link can use it.`:`Not in the address of this page: ${l.join(", ")}.`}</p>
        <label><input type="checkbox" checked=${i}
          onChange=${({currentTarget:{checked:e}})=>t({withSecrets:e})} /> Put this into it all the same</label>`}
    </div>`}function xi({rows:e,onReset:t}){const n=[{name:"key",title:"Key",by:({key:e})=>e,cell:({key:e})=>nt`<span class="mono break">${e}</span>`},{name:"policy",title:"Policy",by:({policy:e})=>e,cell:Si},{name:"state",title:"State",by:({limited:e})=>e?0:1,cell:Ti},{name:"left",title:"Left",number:!0,by:({left:e})=>e,cell:({left:e})=>e},{name:"free",title:"Next request in",number:!0,by:({freeAt:e})=>e,cell:Mi},{name:"full",title:"All units in",number:!0,minor:!0,by:({fullAt:e})=>e,cell:Pi},...Ct.value?[{name:"reset",title:"Change",cell:e=>nt`<${qi} row=${e} onReset=${t} />`}]:[]];return nt`<${Mn} caption="Limited keys" columns=${n} rows=${e} keyOf=${({id:e})=>e} empty="No key is limited." />`}function Si({policy:e,tier:t}){return nt`${e}${void 0!==t&&nt` <span class="tag">${t}</span>`}`}function Ti({limited:e,seen:t}){return e?nt`<${Qt} kind="warning">limited<//>`:nt`<${Qt} kind="off">limited <${hn} time=${t} /><//>`}function Mi({limited:e,freeAt:t}){return e?nt`<${mn} time=${t} />`:"now"}function Pi({limited:e,fullAt:t}){return e?nt`<${mn} time=${t} />`:nt`<span class="dim">–</span>`}function qi({row:e,onReset:t}){const{key:n,policy:i,resettable:l}=e;return l?nt`<button type="button" class="quiet" aria-label=${`Reset ${n} of ${i}`} onClick=${()=>t(e)}>Reset</button>`:nt`<span class="dim" title="It counts requests in progress: a place is free when a request ends.">–</span>`}const Ci=mt("policies"),Ei=[{name:"policy",title:"Policy",cell:({policy:e})=>e},{name:"limit",title:"Limit",cell:function({limits:e}){return nt`${e.map(({tier:e,limits:t})=>nt`
    <div key=${e}>${void 0!==e&&nt`<span class="tag">${e}</span> `}${t.map(Ai).join(" and ")}</div>`)}`}},{name:"algorithm",title:"Algorithm",minor:!0,cell:({algorithm:e})=>e},{name:"mode",title:"Mode",cell:function({mode:e,store:t}){if(!1===t?.up)return nt`<${Qt} kind="critical">the store does not respond<//>`;const n=void 0===t?"":`, shared by ${Bt(t.gateways,"gateway")}`;return"enforce"===e?`enforced${n}`:nt`<${Qt} kind="notice">${e}${n}<//>`}},{name:"keys",title:"Keys",number:!0,cell:({keys:e})=>Dt(e)},{name:"limited",title:"Rejected",number:!0,hint:"Requests per second in the last ten seconds",cell:function({rate:e}){return nt`${Dt(e)}<span class="unit">/s</span>`}},{name:"total",title:"In all",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)}];function Ri({policies:e}){const t=e.map(e=>({...e,...Ci.value[e.policy]&&{rate:Ci.value[e.policy].limited,total:Ci.value[e.policy].total}}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Mn} caption="Rate-limiting policies" columns=${Ei} rows=${t} keyOf=${({policy:e})=>e} />
    </section>`}const Oi={1e3:"second",6e4:"minute",36e5:"hour",864e5:"day"};function Ai({atOnce:e,limit:t,windowMs:n}){return void 0===t?`${e} in progress`:`${t} per ${Oi[n]??Ut(n)}, ${e} at once`}function Di(e,{key:t,tier:n=""}){return JSON.stringify([e,n,t])}function ji({row:{policy:e,key:t},onClose:n}){return nt`
    <${jn} title=${`Reset ${t} of ${e}`} confirm="Reset" change=${async({reason:n})=>{const{reset:i}=await lt(`/limits/reset?${new URLSearchParams({policy:e,key:t,reason:n})}`,{method:"POST"});nn(`${Bt(i,"key")} of ${e} reset.`)}} onClose=${n}>
      <p>All units of the limit are available again, in all threads and at once.</p>
      <${Ln} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}const Li="u-off",Ni="u-label",Wi="width",Ii="height",Ui="top",zi="bottom",Hi="left",Fi="right",Bi="#000",Gi=Bi+"0",Vi="mousemove",Yi="mousedown",Ji="mouseup",Ki="mouseenter",Zi="mouseleave",Xi="dblclick",Qi="change",el="dppxchange",tl="--",nl="undefined"!=typeof window,il=nl?document:null,ll=nl?window:null,ol=nl?navigator:null;let sl,rl;function al(e,t){if(null!=t){let n=e.classList;!n.contains(t)&&n.add(t)}}function ul(e,t){let n=e.classList;n.contains(t)&&n.remove(t)}function cl(e,t,n){e.style[t]=n+"px"}function dl(e,t,n,i){let l=il.createElement(e);return null!=t&&al(l,t),null!=n&&n.insertBefore(l,i),l}function fl(e,t){return dl("div",e,t)}const pl=new WeakMap;function hl(e,t,n,i,l){let o="translate("+t+"px,"+n+"px)";o!=pl.get(e)&&(e.style.transform=o,pl.set(e,o),t<0||n<0||t>i||n>l?al(e,Li):ul(e,Li))}const ml=new WeakMap;function $l(e,t,n){let i=t+n;i!=ml.get(e)&&(ml.set(e,i),e.style.background=t,e.style.borderColor=n)}const vl=new WeakMap;function _l(e,t,n,i){let l=t+""+n;l!=vl.get(e)&&(vl.set(e,l),e.style.height=n+"px",e.style.width=t+"px",e.style.marginLeft=i?-t/2+"px":0,e.style.marginTop=i?-n/2+"px":0)}const gl={passive:!0},yl={...gl,capture:!0};function bl(e,t,n,i){t.addEventListener(e,n,i?yl:gl)}function wl(e,t,n,i){t.removeEventListener(e,n,gl)}function kl(e,t,n,i){let l;n=n||0;let o=(i=i||t.length-1)<=2147483647;for(;i-n>1;)l=o?n+i>>1:zl((n+i)/2),t[l]<e?n=l:i=l;return e-t[n]<=t[i]-e?n:i}function xl(e){return(t,n,i)=>{let l=-1,o=-1;for(let o=n;o<=i;o++)if(e(t[o])){l=o;break}for(let l=i;l>=n;l--)if(e(t[l])){o=l;break}return[l,o]}}nl&&function e(){let t=devicePixelRatio;sl!=t&&(sl=t,rl&&wl(Qi,rl,e),rl=matchMedia(`(min-resolution: ${sl-.001}dppx) and (max-resolution: ${sl+.001}dppx)`),bl(Qi,rl,e),ll.dispatchEvent(new CustomEvent(el)))}();const Sl=e=>null!=e,Tl=e=>null!=e&&e>0,Ml=xl(Sl),Pl=xl(Tl);function ql(e,t,n,i){let l=Yl(e),o=Yl(t);e==t&&(-1==l?(e*=n,t/=n):(e/=n,t*=n));let s=10==n?Jl:Kl,r=1==o?Fl:zl,a=(1==l?zl:Fl)(s(Ul(e))),u=r(s(Ul(t))),c=Vl(n,a),d=Vl(n,u);return 10==n&&(a<0&&(c=ho(c,-a)),u<0&&(d=ho(d,-u))),i||2==n?(e=c*l,t=d*o):(e=po(e,c),t=fo(t,d)),[e,t]}function Cl(e,t,n,i){let l=ql(e,t,n,i);return 0==e&&(l[0]=0),0==t&&(l[1]=0),l}const El={mode:3,pad:.1},Rl={pad:0,soft:null,mode:0},Ol={min:Rl,max:Rl};function Al(e,t,n,i){return xo(n)?jl(e,t,n):(Rl.pad=n,Rl.soft=i?0:null,Rl.mode=i?3:0,jl(e,t,Ol))}function Dl(e,t){return e??t}function jl(e,t,n){let i=n.min,l=n.max,o=Dl(i.pad,0),s=Dl(l.pad,0),r=Dl(i.hard,-Xl),a=Dl(l.hard,Xl),u=Dl(i.soft,Xl),c=Dl(l.soft,-Xl),d=Dl(i.mode,0),f=Dl(l.mode,0),p=t-e,h=Jl(p),m=Gl(Ul(e),Ul(t)),$=Jl(m),v=Ul($-h);(p<1e-24||v>10)&&(p=0,0!=e&&0!=t||(p=1e-24,2==d&&u!=Xl&&(o=0),2==f&&c!=-Xl&&(s=0)));let _=p||m||1e3,g=Jl(_),y=Vl(10,zl(g)),b=ho(po(e-_*(0==p?0==e?.1:1:o),y/10),24),w=e>=u&&(1==d||3==d&&b<=u||2==d&&b>=u)?u:Xl,k=Gl(r,b<w&&e>=w?w:Bl(w,b)),x=ho(fo(t+_*(0==p?0==t?.1:1:s),y/10),24),S=t<=c&&(1==f||3==f&&x>=c||2==f&&x<=c)?c:-Xl,T=Bl(a,x>S&&t<=S?S:Gl(S,x));return k==T&&0==k&&(T=100),[k,T]}const Ll=new Intl.NumberFormat(nl?ol.language:"en-US"),Nl=e=>Ll.format(e),Wl=Math,Il=Wl.PI,Ul=Wl.abs,zl=Wl.floor,Hl=Wl.round,Fl=Wl.ceil,Bl=Wl.min,Gl=Wl.max,Vl=Wl.pow,Yl=Wl.sign,Jl=Wl.log10,Kl=Wl.log2,Zl=(e,t=1)=>Wl.asinh(e/t),Xl=1/0;function Ql(e){return 1+(0|Jl((e^e>>31)-(e>>31)))}function eo(e,t,n){return Bl(Gl(e,t),n)}function to(e){return"function"==typeof e}function no(e){return to(e)?e:()=>e}const io=e=>e,lo=(e,t)=>t,oo=e=>null,so=e=>!0,ro=(e,t)=>e==t,ao=/\.\d*?(?=9{6,}|0{6,})/gm,uo=e=>{if(wo(e)||mo.has(e))return e;const t=`${e}`,n=t.match(ao);if(null==n)return e;let i=n[0].length-1;if(-1!=t.indexOf("e-")){let[e,n]=t.split("e");return+`${uo(e)}e${n}`}return ho(e,i)};function co(e,t){return uo(ho(uo(e/t))*t)}function fo(e,t){return uo(Fl(uo(e/t))*t)}function po(e,t){return uo(zl(uo(e/t))*t)}function ho(e,t=0){if(wo(e))return e;let n=10**t,i=e*n*(1+Number.EPSILON);return Hl(i)/n}const mo=new Map;function $o(e){return((""+e).split(".")[1]||"").length}function vo(e,t,n,i){let l=[],o=i.map($o);for(let s=t;s<n;s++){let t=Ul(s),n=ho(Vl(e,s),t);for(let r=0;r<i.length;r++){let a=10==e?+`${i[r]}e${s}`:i[r]*n,u=(s>=0?0:t)+(s>=o[r]?0:o[r]),c=10==e?a:ho(a,u);l.push(c),mo.set(c,u)}}return l}const _o={},go=[],yo=[null,null],bo=Array.isArray,wo=Number.isInteger;function ko(e){return"string"==typeof e}function xo(e){let t=!1;if(null!=e){let n=e.constructor;t=null==n||n==Object}return t}function So(e){return null!=e&&"object"==typeof e}const To=Object.getPrototypeOf(Uint8Array),Mo="__proto__";function Po(e,t=xo){let n;if(bo(e)){let i=e.find(e=>null!=e);if(bo(i)||t(i)){n=Array(e.length);for(let i=0;i<e.length;i++)n[i]=Po(e[i],t)}else n=e.slice()}else if(e instanceof To)n=e.slice();else if(t(e)){n={};for(let i in e)i!=Mo&&(n[i]=Po(e[i],t))}else n=e;return n}function qo(e){let t=arguments;for(let n=1;n<t.length;n++){let i=t[n];for(let t in i)t!=Mo&&(xo(e[t])?qo(e[t],Po(i[t])):e[t]=Po(i[t]))}return e}function Co(e,t,n){for(let i,l=0,o=-1;l<t.length;l++){let s=t[l];if(s>o){for(i=s-1;i>=0&&null==e[i];)e[i--]=null;for(i=s+1;i<n&&null==e[i];)e[o=i++]=null}}}const Eo="undefined"==typeof queueMicrotask?e=>Promise.resolve().then(e):queueMicrotask;const Ro=["January","February","March","April","May","June","July","August","September","October","November","December"],Oo=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Ao(e){return e.slice(0,3)}const Do=Oo.map(Ao),jo=Ro.map(Ao),Lo={MMMM:Ro,MMM:jo,WWWW:Oo,WWW:Do};function No(e){return(e<10?"0":"")+e}const Wo={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>No(e.getMonth()+1),M:e=>e.getMonth()+1,DD:e=>No(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>No(e.getHours()),H:e=>e.getHours(),h:e=>{let t=e.getHours();return 0==t?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>No(e.getMinutes()),m:e=>e.getMinutes(),ss:e=>No(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>{return((t=e.getMilliseconds())<10?"00":t<100?"0":"")+t;var t}};function Io(e,t){t=t||Lo;let n,i=[],l=/\{([a-z]+)\}|[^{]+/gi;for(;n=l.exec(e);)i.push("{"==n[0][0]?Wo[n[1]]:n[0]);return e=>{let n="";for(let l=0;l<i.length;l++)n+="string"==typeof i[l]?i[l]:i[l](e,t);return n}}const Uo=(new Intl.DateTimeFormat).resolvedOptions().timeZone;const zo=e=>e%1==0,Ho=[1,2,2.5,5],Fo=vo(10,-32,0,Ho),Bo=vo(10,0,32,Ho),Go=Bo.filter(zo),Vo=Fo.concat(Bo),Yo="{YYYY}",Jo="\n"+Yo,Ko="{M}/{D}",Zo="\n"+Ko,Xo=Zo+"/{YY}",Qo="{aa}",es="{h}:{mm}"+Qo,ts="\n"+es,ns=":{ss}",is=null;function ls(e){let t=1e3*e,n=60*t,i=60*n,l=24*i,o=30*l,s=365*l;return[(1==e?vo(10,0,3,Ho).filter(zo):vo(10,-3,0,Ho)).concat([t,5*t,10*t,15*t,30*t,n,5*n,10*n,15*n,30*n,i,2*i,3*i,4*i,6*i,8*i,12*i,l,2*l,3*l,4*l,5*l,6*l,7*l,8*l,9*l,10*l,15*l,o,2*o,3*o,4*o,6*o,s,2*s,5*s,10*s,25*s,50*s,100*s]),[[s,Yo,is,is,is,is,is,is,1],[28*l,"{MMM}",Jo,is,is,is,is,is,1],[l,Ko,Jo,is,is,is,is,is,1],[i,"{h}"+Qo,Xo,is,Zo,is,is,is,1],[n,es,Xo,is,Zo,is,is,is,1],[t,ns,Xo+" "+es,is,Zo+" "+es,is,ts,is,1],[e,ns+".{fff}",Xo+" "+es,is,Zo+" "+es,is,ts,is,1]],function(t){return(r,a,u,c,d,f)=>{let p=[],h=d>=s,m=d>=o&&d<s,$=t(u),v=ho($*e,3),_=ps($.getFullYear(),h?0:$.getMonth(),m||h?1:$.getDate()),g=ho(_*e,3);if(m||h){let n=m?d/o:0,i=h?d/s:0,l=v==g?v:ho(ps(_.getFullYear()+i,_.getMonth()+n,1)*e,3),r=new Date(Hl(l/e)),a=r.getFullYear(),u=r.getMonth();for(let o=0;l<=c;o++){let s=ps(a+i*o,u+n*o,1),r=s-t(ho(s*e,3));l=ho((+s+r)*e,3),l<=c&&p.push(l)}}else{let o=d>=l?l:d,s=g+(zl(u)-zl(v))+fo(v-g,o);p.push(s);let h=t(s),m=h.getHours()+h.getMinutes()/n+h.getSeconds()/i,$=d/i,_=f/r.axes[a]._space;for(;s=ho(s+d,1==e?0:3),!(s>c);)if($>1){let e=zl(ho(m+$,6))%24,n=t(s).getHours()-e;n>1&&(n=-1),s-=n*i,m=(m+$)%24,ho((s-p[p.length-1])/d,3)*_>=.7&&p.push(s)}else p.push(s)}return p}}]}const[os,ss,rs]=ls(1),[as,us,cs]=ls(.001);function ds(e,t){return e.map(e=>e.map((n,i)=>0==i||8==i||null==n?n:t(1==i||0==e[8]?n:e[1]+n)))}function fs(e,t){return(n,i,l,o,s)=>{let r,a,u,c,d,f,p=t.find(e=>s>=e[0])||t[t.length-1];return i.map(t=>{let n=e(t),i=n.getFullYear(),l=n.getMonth(),o=n.getDate(),s=n.getHours(),h=n.getMinutes(),m=n.getSeconds(),$=i!=r&&p[2]||l!=a&&p[3]||o!=u&&p[4]||s!=c&&p[5]||h!=d&&p[6]||m!=f&&p[7]||p[1];return r=i,a=l,u=o,c=s,d=h,f=m,$(n)})}}function ps(e,t,n){return new Date(e,t,n)}function hs(e,t){return t(e)}vo(2,-53,53,[1]);function ms(e,t){return(n,i,l,o)=>null==o?tl:t(e(i))}const $s={show:!0,live:!0,isolate:!1,mount:()=>{},markers:{show:!0,width:2,stroke:function(e,t){let n=e.series[t];return n.width?n.stroke(e,t):n.points.width?n.points.stroke(e,t):null},fill:function(e,t){return e.series[t].fill(e,t)},dash:"solid"},idx:null,idxs:null,values:[]};const vs=[0,0];function _s(e,t,n,i=!0){return e=>{0==e.button&&(!i||e.target==t)&&n(e)}}function gs(e,t,n,i=!0){return e=>{(!i||e.target==t)&&n(e)}}const ys={show:!0,x:!0,y:!0,lock:!1,move:function(e,t,n){return vs[0]=t,vs[1]=n,vs},points:{one:!1,show:function(e,t){let n=e.cursor.points,i=fl(),l=n.size(e,t);cl(i,Wi,l),cl(i,Ii,l);let o=l/-2;cl(i,"marginLeft",o),cl(i,"marginTop",o);let s=n.width(e,t,l);return s&&cl(i,"borderWidth",s),i},size:function(e,t){return e.series[t].points.size},width:0,stroke:function(e,t){let n=e.series[t].points;return n._stroke||n._fill},fill:function(e,t){let n=e.series[t].points;return n._fill||n._stroke}},bind:{mousedown:_s,mouseup:_s,click:_s,dblclick:_s,mousemove:gs,mouseleave:gs,mouseenter:gs},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(e,t,n,i,l)=>i-l,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},bs={show:!0,stroke:"rgba(0,0,0,0.07)",width:2},ws=qo({},bs,{filter:lo}),ks=qo({},ws,{size:10}),xs=qo({},bs,{show:!1}),Ss='12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',Ts="bold "+Ss,Ms={show:!0,scale:"x",stroke:Bi,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ts,side:2,grid:ws,ticks:ks,border:xs,font:Ss,lineGap:1.5,rotate:0},Ps={show:!0,scale:"x",auto:!1,sorted:1,min:Xl,max:-Xl,idxs:[]};function qs(e,t,n,i,l){return t.map(e=>null==e?"":Nl(e))}function Cs(e,t,n,i,l,o,s){let r=[],a=mo.get(l)||0;for(let e=n=s?n:ho(fo(n,l),a);e<=i;e=ho(e+l,a))r.push(Object.is(e,-0)?0:e);return r}function Es(e,t,n,i,l,o,s){const r=[],a=e.scales[e.axes[t].scale].log,u=zl((10==a?Jl:Kl)(n));l=Vl(a,u),10==a&&(l=Vo[kl(l,Vo)]);let c=n,d=l*a;10==a&&(d=Vo[kl(d,Vo)]);do{r.push(c),c+=l,10!=a||mo.has(c)||(c=ho(c,mo.get(l))),c>=d&&(d=(l=c)*a,10==a&&(d=Vo[kl(d,Vo)]))}while(c<=i);return r}function Rs(e,t,n,i,l,o,s){let r=e.scales[e.axes[t].scale].asinh,a=i>r?Es(e,t,Gl(r,n),i,l):[r],u=i>=0&&n<=0?[0]:[];return(n<-r?Es(e,t,Gl(r,-i),-n,l):[r]).reverse().map(e=>-e).concat(u,a)}const Os=/./,As=/[12357]/,Ds=/[125]/,js=/1/,Ls=(e,t,n,i)=>e.map((e,l)=>4==t&&0==e||l%i==0&&n.test(e.toExponential()[e<0?1:0])?e:null);function Ns(e,t,n,i,l){let o=e.axes[n],s=o.scale,r=e.scales[s],a=e.valToPos,u=o._space,c=a(10,s),d=a(9,s)-c>=u?Os:a(7,s)-c>=u?As:a(5,s)-c>=u?Ds:js;if(d==js){let e=Ul(a(1,s)-c);if(e<u)return Ls(t.slice().reverse(),r.distr,d,Fl(u/e)).reverse()}return Ls(t,r.distr,d,1)}function Ws(e,t,n,i,l){let o=e.axes[n],s=o.scale,r=o._space,a=e.valToPos,u=Ul(a(1,s)-a(2,s));return u<r?Ls(t.slice().reverse(),3,Os,Fl(r/u)).reverse():t}function Is(e,t,n,i){return null==i?tl:null==t?"":Nl(t)}const Us={show:!0,scale:"y",stroke:Bi,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ts,side:3,grid:ws,ticks:ks,border:xs,font:Ss,lineGap:1.5,rotate:0};const zs={scale:null,auto:!0,sorted:0,min:Xl,max:-Xl},Hs=(e,t,n,i,l)=>l,Fs={show:!0,auto:!0,sorted:0,gaps:Hs,alpha:1,facets:[qo({},zs,{scale:"x"}),qo({},zs,{scale:"y"})]},Bs={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:Hs,alpha:1,points:{show:function(e,t){let{scale:n,idxs:i}=e.series[0],l=e._data[0],o=e.valToPos(l[i[0]],n,!0),s=e.valToPos(l[i[1]],n,!0),r=Ul(s-o)/(e.series[t].points.space*sl);return i[1]-i[0]<=r},filter:null},values:null,min:Xl,max:-Xl,idxs:[],path:null,clip:null};function Gs(e,t,n,i,l){return n/10}const Vs={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Ys=qo({},Vs,{time:!1,ori:1}),Js={};function Ks(e,t){let n=Js[e];return n||(n={key:e,plots:[],sub(e){n.plots.push(e)},unsub(e){n.plots=n.plots.filter(t=>t!=e)},pub(e,t,i,l,o,s,r){for(let a=0;a<n.plots.length;a++)n.plots[a]!=t&&n.plots[a].pub(e,t,i,l,o,s,r)}},null!=e&&(Js[e]=n)),n}function Zs(e,t,n){const i=e.mode,l=e.series[t],o=2==i?e._data[t]:e._data,s=e.scales,r=e.bbox;let a=o[0],u=2==i?o[1]:o[t],c=2==i?s[l.facets[0].scale]:s[e.series[0].scale],d=2==i?s[l.facets[1].scale]:s[l.scale],f=r.left,p=r.top,h=r.width,m=r.height,$=e.valToPosH,v=e.valToPosV;return 0==c.ori?n(l,a,u,c,d,$,v,f,p,h,m,or,rr,ur,dr,pr):n(l,a,u,c,d,v,$,p,f,m,h,sr,ar,cr,fr,hr)}function Xs(e,t){let n=0,i=0,l=Dl(e.bands,go);for(let e=0;e<l.length;e++){let o=l[e];o.series[0]==t?n=o.dir:o.series[1]==t&&(1==o.dir?i|=1:i|=2)}return[n,1==i?-1:2==i?1:3==i?2:0]}function Qs(e,t,n,i,l){let o=e.mode,s=e.series[t],r=2==o?s.facets[1].scale:s.scale,a=e.scales[r];return-1==l?a.min:1==l?a.max:3==a.distr?1==a.dir?a.min:a.max:0}function er(e,t,n,i,l,o){return Zs(e,t,(e,t,s,r,a,u,c,d,f,p,h)=>{let m=e.pxRound;const $=r.dir*(0==r.ori?1:-1),v=0==r.ori?rr:ar;let _,g;1==$?(_=n,g=i):(_=i,g=n);let y=m(u(t[_],r,p,d)),b=m(c(s[_],a,h,f)),w=m(u(t[g],r,p,d)),k=m(c(1==o?a.max:a.min,a,h,f)),x=new Path2D(l);return v(x,w,k),v(x,y,k),v(x,y,b),x})}function tr(e,t,n,i,l,o){let s=null;if(e.length>0){s=new Path2D;const r=0==t?ur:cr;let a=n;for(let t=0;t<e.length;t++){let n=e[t];if(n[1]>n[0]){let e=n[0]-a;e>0&&r(s,a,i,e,i+o),a=n[1]}}let u=n+l-a,c=10;u>0&&r(s,a,i-c/2,u,i+o+c)}return s}function nr(e,t,n,i,l,o,s){let r=[],a=e.length;for(let u=1==l?n:i;u>=n&&u<=i;u+=l){if(null===t[u]){let c=u,d=u;if(1==l)for(;++u<=i&&null===t[u];)d=u;else for(;--u>=n&&null===t[u];)d=u;let f=o(e[c]),p=d==c?f:o(e[d]),h=c-l;f=s<=0&&h>=0&&h<a?o(e[h]):f;let m=d+l;p=s>=0&&m>=0&&m<a?o(e[m]):p,p>=f&&r.push([f,p])}}return r}function ir(e){return 0==e?io:1==e?Hl:t=>co(t,e)}function lr(e){let t=0==e?or:sr,n=0==e?(e,t,n,i,l,o)=>{e.arcTo(t,n,i,l,o)}:(e,t,n,i,l,o)=>{e.arcTo(n,t,l,i,o)},i=0==e?(e,t,n,i,l)=>{e.rect(t,n,i,l)}:(e,t,n,i,l)=>{e.rect(n,t,l,i)};return(e,l,o,s,r,a=0,u=0)=>{0==a&&0==u?i(e,l,o,s,r):(a=Bl(a,s/2,r/2),u=Bl(u,s/2,r/2),t(e,l+a,o),n(e,l+s,o,l+s,o+r,a),n(e,l+s,o+r,l,o+r,u),n(e,l,o+r,l,o,u),n(e,l,o,l+s,o,a),e.closePath())}}const or=(e,t,n)=>{e.moveTo(t,n)},sr=(e,t,n)=>{e.moveTo(n,t)},rr=(e,t,n)=>{e.lineTo(t,n)},ar=(e,t,n)=>{e.lineTo(n,t)},ur=lr(0),cr=lr(1),dr=(e,t,n,i,l,o)=>{e.arc(t,n,i,l,o)},fr=(e,t,n,i,l,o)=>{e.arc(n,t,i,l,o)},pr=(e,t,n,i,l,o,s)=>{e.bezierCurveTo(t,n,i,l,o,s)},hr=(e,t,n,i,l,o,s)=>{e.bezierCurveTo(n,t,l,i,s,o)};function mr(e){return(e,t,n,i,l)=>Zs(e,t,(t,o,s,r,a,u,c,d,f,p,h)=>{let m,$,{pxRound:v,points:_}=t;0==r.ori?(m=or,$=dr):(m=sr,$=fr);const g=ho(_.width*sl,3);let y=(_.size-_.width)/2*sl,b=ho(2*y,3),w=new Path2D,k=new Path2D,{left:x,top:S,width:T,height:M}=e.bbox;ur(k,x-b,S-b,T+2*b,M+2*b);const P=e=>{if(null!=s[e]){let t=v(u(o[e],r,p,d)),n=v(c(s[e],a,h,f));m(w,t+y,n),$(w,t,n,y,0,2*Il)}};if(l)l.forEach(P);else for(let e=n;e<=i;e++)P(e);return{stroke:g>0?w:null,fill:w,clip:k,flags:3}})}function $r(e){return(t,n,i,l,o,s)=>{i!=l&&(o!=i&&s!=i&&e(t,n,i),o!=l&&s!=l&&e(t,n,l),e(t,n,s))}}const vr=$r(rr),_r=$r(ar);function gr(e){const t=Dl(e?.alignGaps,0);return(e,n,i,l)=>Zs(e,n,(o,s,r,a,u,c,d,f,p,h,m)=>{[i,l]=Ml(r,i,l);let $,v,_=o.pxRound,g=e=>_(c(e,a,h,f)),y=e=>_(d(e,u,m,p));0==a.ori?($=rr,v=vr):($=ar,v=_r);const b=a.dir*(0==a.ori?1:-1),w={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},k=w.stroke;let x=!1;if(l-i>=4*h){let t,n,o,u=t=>e.posToVal(t,a.key,!0),c=null,d=null,f=g(s[1==b?i:l]),p=g(s[i]),h=g(s[l]),m=u(1==b?p+1:h-1);for(let e=1==b?i:l;e>=i&&e<=l;e+=b){let i=s[e],l=(1==b?i<m:i>m)?f:g(i),o=r[e];l==f?null!=o?(n=o,null==c?($(k,l,y(n)),t=c=d=n):n<c?c=n:n>d&&(d=n)):null===o&&(x=!0):(null!=c&&v(k,f,y(c),y(d),y(t),y(n)),null!=o?(n=o,$(k,l,y(n)),c=d=t=n):(c=d=null,null===o&&(x=!0)),f=l,m=u(f+b))}null!=c&&c!=d&&o!=f&&v(k,f,y(c),y(d),y(t),y(n))}else for(let e=1==b?i:l;e>=i&&e<=l;e+=b){let t=r[e];null===t?x=!0:null!=t&&$(k,g(s[e]),y(t))}let[S,T]=Xs(e,n);if(null!=o.fill||0!=S){let t=w.fill=new Path2D(k),r=y(o.fillTo(e,n,o.min,o.max,S)),a=g(s[i]),u=g(s[l]);-1==b&&([u,a]=[a,u]),$(t,u,r),$(t,a,r)}if(!o.spanGaps){let u=[];x&&u.push(...nr(s,r,i,l,b,g,t)),w.gaps=u=o.gaps(e,n,i,l,u),w.clip=tr(u,a.ori,f,p,h,m)}return 0!=T&&(w.band=2==T?[er(e,n,i,l,k,-1),er(e,n,i,l,k,1)]:er(e,n,i,l,k,T)),w})}function yr(e,t,n,i,l,o,s=Xl){if(e.length>1){let r=null;for(let a=0,u=1/0;a<e.length;a++)if(void 0!==t[a]){if(null!=r){let t=Ul(e[a]-e[r]);t<u&&(u=t,s=Ul(n(e[a],i,l,o)-n(e[r],i,l,o)))}r=a}}return s}function br(e,t,n,i,l,o){const s=e.length;if(s<2)return null;const r=new Path2D;if(n(r,e[0],t[0]),2==s)i(r,e[1],t[1]);else{let n=Array(s),i=Array(s-1),o=Array(s-1),a=Array(s-1);for(let n=0;n<s-1;n++)o[n]=t[n+1]-t[n],a[n]=e[n+1]-e[n],i[n]=o[n]/a[n];n[0]=i[0];for(let e=1;e<s-1;e++)0===i[e]||0===i[e-1]||i[e-1]>0!=i[e]>0?n[e]=0:(n[e]=3*(a[e-1]+a[e])/((2*a[e]+a[e-1])/i[e-1]+(a[e]+2*a[e-1])/i[e]),isFinite(n[e])||(n[e]=0));n[s-1]=i[s-2];for(let i=0;i<s-1;i++)l(r,e[i]+a[i]/3,t[i]+n[i]*a[i]/3,e[i+1]-a[i]/3,t[i+1]-n[i+1]*a[i]/3,e[i+1],t[i+1])}return r}const wr=new Set;function kr(){for(let e of wr)e.syncRect(!0)}nl&&(bl("resize",ll,kr),bl("scroll",ll,kr,!0),bl(el,ll,()=>{Nr.pxRatio=sl}));const xr=gr(),Sr=mr();function Tr(e,t,n,i){return(i?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((e,i)=>Mr(e,i,t,n))}function Mr(e,t,n,i){return qo({},0==t?n:i,e)}function Pr(e,t,n){return null==t?yo:[t,n]}const qr=Pr;function Cr(e,t,n){return null==t?yo:Al(t,n,.1,!0)}function Er(e,t,n,i){return null==t?yo:ql(t,n,e.scales[i].log,!1)}const Rr=Er;function Or(e,t,n,i){return null==t?yo:Cl(t,n,e.scales[i].log,!1)}const Ar=Or;function Dr(e,t,n,i,l){let o=Gl(Ql(e),Ql(t)),s=t-e,r=kl(l/i*s,n);do{let e=n[r],t=i*e/s;if(t>=l&&o+(e<5?mo.get(e):0)<=17)return[e,t]}while(++r<n.length);return[0,0]}function jr(e){let t,n;return[e=e.replace(/(\d+)px/,(e,i)=>(t=Hl((n=+i)*sl))+"px"),t,n]}function Lr(e){e.show&&[e.font,e.labelFont].forEach(e=>{let t=ho(e[2]*sl,1);e[0]=e[0].replace(/[0-9.]+px/,t+"px"),e[1]=t})}function Nr(e,t,n){const i={mode:Dl(e.mode,1)},l=i.mode;function o(e,t,n,i){let l=t.valToPct(e);return i+n*(-1==t.dir?1-l:l)}function s(e,t,n,i){let l=t.valToPct(e);return i+n*(-1==t.dir?l:1-l)}function r(e,t,n,i){return 0==t.ori?o(e,t,n,i):s(e,t,n,i)}i.valToPosH=o,i.valToPosV=s;let a=!1;i.status=0;const u=i.root=fl("uplot");if(null!=e.id&&(u.id=e.id),al(u,e.class),e.title){fl("u-title",u).textContent=e.title}const c=dl("canvas"),d=i.ctx=c.getContext("2d"),f=fl("u-wrap",u);bl("click",f,e=>{if(e.target===h){(Pt!=xt||qt!=St)&&Nt.click(i,e)}},!0);const p=i.under=fl("u-under",f);f.appendChild(c);const h=i.over=fl("u-over",f),m=+Dl((e=Po(e)).pxAlign,1),$=ir(m);(e.plugins||[]).forEach(t=>{t.opts&&(e=t.opts(i,e)||e)});const v=e.ms||.001,_=i.series=1==l?Tr(e.series||[],Ps,Bs,!1):function(e,t){return e.map((e,n)=>0==n?{}:qo({},t,e))}(e.series||[null],Fs),g=i.axes=Tr(e.axes||[],Ms,Us,!0),y=i.scales={},b=i.bands=e.bands||[];b.forEach(e=>{e.fill=no(e.fill||null),e.dir=Dl(e.dir,-1)});const w=2==l?_[1].facets[0].scale:_[0].scale,k={axes:function(){for(let e=0;e<g.length;e++){let t=g[e];if(!t.show||!t._show)continue;let n,l,o=t.side,s=o%2,a=t.stroke(i,e),u=0==o||3==o?-1:1,[c,f]=t._found;if(null!=t.label){let r=t.labelGap*u,p=Hl((t._lpos+r)*sl);ot(t.labelFont[0],a,"center",2==o?Ui:zi),d.save(),1==s?(n=l=0,d.translate(p,Hl(he+$e/2)),d.rotate((3==o?-Il:Il)/2)):(n=Hl(pe+me/2),l=p);let h=to(t.label)?t.label(i,e,c,f):t.label;d.fillText(h,n,l),d.restore()}if(0==f)continue;let p=y[t.scale],h=0==s?me:$e,m=0==s?pe:he,v=t._splits,_=2==p.distr?v.map(e=>et[e]):v,b=2==p.distr?et[v[1]]-et[v[0]]:c,w=t.ticks,k=t.border,x=w.show?w.size:0,S=Hl(x*sl),T=Hl((2==t.alignTo?t._size-x-t.gap:t.gap)*sl),M=t._rotate*-Il/180,P=$(t._pos*sl),q=P+(S+T)*u;l=0==s?q:0,n=1==s?q:0,ot(t.font[0],a,1==t.align?Hi:2==t.align?Fi:M>0?Hi:M<0?Fi:0==s?"center":3==o?Fi:Hi,M||1==s?"middle":2==o?Ui:zi);let C=t.font[1]*t.lineGap,E=v.map(e=>$(r(e,p,h,m))),R=t._values;for(let e=0;e<R.length;e++){let t=R[e];if(null!=t){0==s?n=E[e]:l=E[e],t=""+t;let i=-1==t.indexOf("\n")?[t]:t.split(/\n/gm);for(let e=0;e<i.length;e++){let t=i[e];M?(d.save(),d.translate(n,l+e*C),d.rotate(M),d.fillText(t,0,0),d.restore()):d.fillText(t,n,l+e*C)}}}w.show&&ht(E,w.filter(i,_,e,f,b),s,o,P,S,ho(w.width*sl,3),w.stroke(i,e),w.dash,w.cap);let O=t.grid;O.show&&ht(E,O.filter(i,_,e,f,b),s,0==s?2:1,0==s?he:pe,0==s?$e:me,ho(O.width*sl,3),O.stroke(i,e),O.dash,O.cap),k.show&&ht([P],[1],0==s?1:0,0==s?1:2,1==s?he:pe,1==s?$e:me,ho(k.width*sl,3),k.stroke(i,e),k.dash,k.cap)}bn("drawAxes")},series:function(){if(Ie>0){let e=_.some(e=>e._focus)&&Qe!=Pe.alpha;e&&(d.globalAlpha=Qe=Pe.alpha),_.forEach((e,n)=>{if(n>0&&e.show&&(at(n,!1),at(n,!0),null==e._paths)){let o=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha);let s=2==l?[0,t[n][0].length-1]:function(e){let t=eo(Ue-1,0,Ie-1),n=eo(ze+1,0,Ie-1);for(;null==e[t]&&t>0;)t--;for(;null==e[n]&&n<Ie-1;)n++;return[t,n]}(t[n]);e._paths=e.paths(i,n,s[0],s[1]),Qe!=o&&(d.globalAlpha=Qe=o)}}),_.forEach((e,t)=>{if(t>0&&e.show){let n=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha),null!=e._paths&&ut(t,!1);{let n=null!=e._paths?e._paths.gaps:null,l=e.points.show(i,t,Ue,ze,n),o=e.points.filter(i,t,l,n);(l||o)&&(e.points._paths=e.points.paths(i,t,Ue,ze,o),ut(t,!0))}Qe!=n&&(d.globalAlpha=Qe=n),bn("drawSeries",t)}}),e&&(d.globalAlpha=Qe=1)}}},x=(e.drawOrder||["axes","series"]).map(e=>k[e]);function S(e){const t=3==e.distr?t=>Jl(t>0?t:e.clamp(i,t,e.min,e.max,e.key)):4==e.distr?t=>Zl(t,e.asinh):100==e.distr?t=>e.fwd(t):e=>e;return n=>{let i=t(n),{_min:l,_max:o}=e;return(i-l)/(o-l)}}function T(t){let n=y[t];if(null==n){let i=(e.scales||_o)[t]||_o;if(null!=i.from){T(i.from);let e=qo({},y[i.from],i,{key:t});e.valToPct=S(e),y[t]=e}else{n=y[t]=qo({},t==w?Vs:Ys,i),n.key=t;let e=n.time,o=n.range,s=bo(o);if((t!=w||2==l&&!e)&&(!s||null!=o[0]&&null!=o[1]||(o={min:null==o[0]?El:{mode:1,hard:o[0],soft:o[0]},max:null==o[1]?El:{mode:1,hard:o[1],soft:o[1]}},s=!1),!s&&xo(o))){let e=o;o=(t,n,i)=>null==n?yo:Al(n,i,e)}n.range=no(o||(e?qr:t==w?3==n.distr?Rr:4==n.distr?Ar:Pr:3==n.distr?Er:4==n.distr?Or:Cr)),n.auto=no(!s&&n.auto),n.clamp=no(n.clamp||Gs),n._min=n._max=null,n.valToPct=S(n)}}}T("x"),T("y"),1==l&&_.forEach(e=>{T(e.scale)}),g.forEach(e=>{T(e.scale)});for(let t in e.scales)T(t);const M=y[w],P=M.distr;let q,C;0==M.ori?(al(u,"u-hz"),q=o,C=s):(al(u,"u-vt"),q=s,C=o);const E={};for(let e in y){let t=y[e];null==t.min&&null==t.max||(E[e]={min:t.min,max:t.max},t.min=t.max=null)}const R=e.tzDate||(e=>new Date(Hl(e/v))),O=e.fmtDate||Io,A=1==v?rs(R):cs(R),D=fs(R,ds(1==v?ss:us,O)),j=ms(R,hs("{YYYY}-{MM}-{DD} {h}:{mm}{aa}",O)),L=[],N=i.legend=qo({},$s,e.legend),W=i.cursor=qo({},ys,{drag:{y:2==l}},e.cursor),I=N.show,U=W.show,z=N.markers;let H,F,B;N.idxs=L,z.width=no(z.width),z.dash=no(z.dash),z.stroke=no(z.stroke),z.fill=no(z.fill);let G,V=[],Y=[],J=!1,K={};if(N.live){const e=_[1]?_[1].values:null;J=null!=e,G=J?e(i,1,0):{_:0};for(let e in G)K[e]=tl}if(I)if(H=dl("table","u-legend",u),B=dl("tbody",null,H),N.mount(i,H),J){F=dl("thead",null,H,B);let e=dl("tr",null,F);for(var Z in dl("th",null,e),G)dl("th",Ni,e).textContent=Z}else al(H,"u-inline"),N.live&&al(H,"u-live");const X={show:!0},Q={show:!1};const ee=new Map;function te(e,t,n,l=!0){const o=ee.get(t)||{},s=W.bind[e](i,t,n,l);s&&(bl(e,t,o[e]=s),ee.set(t,o))}function ne(e,t,n){const i=ee.get(t)||{};for(let n in i)null!=e&&n!=e||(wl(n,t,i[n]),delete i[n]);null==e&&ee.delete(t)}let ie=0,le=0,oe=0,se=0,re=0,ae=0,ue=re,ce=ae,de=oe,fe=se,pe=0,he=0,me=0,$e=0;i.bbox={};let ve=!1,_e=!1,ge=!1,ye=!1,be=!1,we=!1;function ke(e,t,n){(n||e!=i.width||t!=i.height)&&xe(e,t),vt(!1),ge=!0,_e=!0,At()}function xe(e,t){i.width=ie=oe=e,i.height=le=se=t,re=ae=0,function(){let e=!1,t=!1,n=!1,i=!1;g.forEach((l,o)=>{if(l.show&&l._show){let{side:o,_size:s}=l,r=o%2,a=s+(null!=l.label?l.labelSize:0);a>0&&(r?(oe-=a,3==o?(re+=a,i=!0):n=!0):(se-=a,0==o?(ae+=a,e=!0):t=!0))}}),je[0]=e,je[1]=n,je[2]=t,je[3]=i,oe-=We[1]+We[3],re+=We[3],se-=We[2]+We[0],ae+=We[0]}(),function(){let e=re+oe,t=ae+se,n=re,i=ae;function l(l,o){switch(l){case 1:return e+=o,e-o;case 2:return t+=o,t-o;case 3:return n-=o,n+o;case 0:return i-=o,i+o}}g.forEach((e,t)=>{if(e.show&&e._show){let t=e.side;e._pos=l(t,e._size),null!=e.label&&(e._lpos=l(t,e.labelSize))}})}();let n=i.bbox;pe=n.left=co(re*sl,.5),he=n.top=co(ae*sl,.5),me=n.width=co(oe*sl,.5),$e=n.height=co(se*sl,.5)}const Se=3;if(i.setSize=function({width:e,height:t}){ke(e,t)},null==W.dataIdx){let e=W.hover,n=e.skip=new Set(e.skip??[]);n.add(void 0);let i=e.prox=no(e.prox),l=e.bias??=0;W.dataIdx=(e,o,s,r)=>{if(0==o)return s;let a=s,u=i(e,o,s,r)??Xl,c=u>=0&&u<Xl,d=0==M.ori?oe:se,f=W.left,p=t[0],h=t[o];if(n.has(h[s])){a=null;let e,t=null,i=null;if(0==l||-1==l)for(e=s;null==t&&e-- >0;)n.has(h[e])||(t=e);if(0==l||1==l)for(e=s;null==i&&e++<h.length;)n.has(h[e])||(i=e);if(null!=t||null!=i)if(c){let e=f-(null==t?-1/0:q(p[t],M,d,0)),n=(null==i?1/0:q(p[i],M,d,0))-f;e<=n?e<=u&&(a=t):n<=u&&(a=i)}else a=null==i?t:null==t?i:s-t<=i-s?t:i}else if(c){Ul(f-q(p[s],M,d,0))>u&&(a=null)}return a}}const Te=e=>{W.event=e};W.idxs=L,W._lock=!1;let Me=W.points;Me.show=no(Me.show),Me.size=no(Me.size),Me.stroke=no(Me.stroke),Me.width=no(Me.width),Me.fill=no(Me.fill);const Pe=i.focus=qo({},e.focus||{alpha:.3},W.focus),qe=Pe.prox>=0,Ce=qe&&Me.one;let Ee=[],Re=[],Oe=[];function Ae(e,t){let n=Me.show(i,t);if(n instanceof HTMLElement)return al(n,"u-cursor-pt"),al(n,e.class),hl(n,-10,-10,oe,se),h.insertBefore(n,Ee[t]),n}function De(e,t){if(1==l||t>0){let t=1==l&&y[e.scale].time,n=e.value;e.value=t?ko(n)?ms(R,hs(n,O)):n||j:n||Is,e.label=e.label||(t?"Time":"Value")}if(Ce||t>0){e.width=null==e.width?1:e.width,e.paths=e.paths||xr||oo,e.fillTo=no(e.fillTo||Qs),e.pxAlign=+Dl(e.pxAlign,m),e.pxRound=ir(e.pxAlign),e.stroke=no(e.stroke||null),e.fill=no(e.fill||null),e._stroke=e._fill=e._paths=e._focus=null;let t=ho((3+2*(Gl(1,e.width)||1))*1,3),n=e.points=qo({},{size:t,width:Gl(1,.2*t),stroke:e.stroke,space:2*t,paths:Sr,_stroke:null,_fill:null},e.points);n.show=no(n.show),n.filter=no(n.filter),n.fill=no(n.fill),n.stroke=no(n.stroke),n.paths=no(n.paths),n.pxAlign=e.pxAlign}if(I){let n=function(e,t){if(0==t&&(J||!N.live||2==l))return yo;let n=[],o=dl("tr","u-series",B,B.childNodes[t]);al(o,e.class),e.show||al(o,Li);let s=dl("th",null,o);if(z.show){let e=fl("u-marker",s);if(t>0){let n=z.width(i,t);n&&(e.style.border=n+"px "+z.dash(i,t)+" "+z.stroke(i,t)),e.style.background=z.fill(i,t)}}let r=fl(Ni,s);for(var a in e.label instanceof HTMLElement?r.appendChild(e.label):r.textContent=e.label,t>0&&(z.show||(r.style.color=e.width>0?z.stroke(i,t):z.fill(i,t)),te("click",s,t=>{if(W._lock)return;Te(t);let n=_.indexOf(e);if((t.ctrlKey||t.metaKey)!=N.isolate){let e=_.some((e,t)=>t>0&&t!=n&&e.show);_.forEach((t,i)=>{i>0&&Bt(i,e?i==n?X:Q:X,!0,kn.setSeries)})}else Bt(n,{show:!e.show},!0,kn.setSeries)},!1),qe&&te(Ki,s,t=>{W._lock||(Te(t),Bt(_.indexOf(e),Jt,!0,kn.setSeries))},!1)),G){let e=dl("td","u-value",o);e.textContent="--",n.push(e)}return[o,n]}(e,t);V.splice(t,0,n[0]),Y.splice(t,0,n[1]),N.values.push(null)}if(U){L.splice(t,0,null);let n=null;Ce?0==t&&(n=Ae(e,t)):t>0&&(n=Ae(e,t)),Ee.splice(t,0,n),Re.splice(t,0,0),Oe.splice(t,0,0)}bn("addSeries",t)}i.addSeries=function(e,t){t=t??_.length,e=1==l?Mr(e,t,Ps,Bs):Mr(e,t,{},Fs),_.splice(t,0,e),De(_[t],t)},i.delSeries=function(e){if(_.splice(e,1),I){N.values.splice(e,1),Y.splice(e,1);let t=V.splice(e,1)[0];ne(null,t.firstChild),t.remove()}U&&(L.splice(e,1),Ee.splice(e,1)[0].remove(),Re.splice(e,1),Oe.splice(e,1)),bn("delSeries",e)};const je=[!1,!1,!1,!1];function Le(e,t,n,i){let[l,o,s,r]=n,a=t%2,u=0;return 0==a&&(r||o)&&(u=0==t&&!l||2==t&&!s?Hl(Ms.size/3):0),1==a&&(l||s)&&(u=1==t&&!o||3==t&&!r?Hl(Us.size/2):0),u}const Ne=i.padding=(e.padding||[Le,Le,Le,Le]).map(e=>no(Dl(e,Le))),We=i._padding=Ne.map((e,t)=>e(i,t,je,0));let Ie,Ue=null,ze=null;const He=1==l?_[0].idxs:null;let Fe,Be,Ge,Ve,Ye,Je,Ke,Ze,Xe,Qe,et=null,tt=!1;function nt(e,n){if(t=e??[],i.data=i._data=t,2==l){Ie=0;for(let e=1;e<_.length;e++)Ie+=t[e][0].length}else{0==t.length&&(i.data=i._data=t=[[]]),et=t[0],Ie=et.length;let e=t;if(2==P){e=t.slice();let n=e[0]=Array(Ie);for(let e=0;e<Ie;e++)n[e]=e}i._data=t=e}if(vt(!0),bn("setData"),2==P&&(ge=!0),!1!==n){let e=M;e.auto(i,tt)?it():Ft(w,e.min,e.max),ye=ye||W.left>=0,we=!0,At()}}function it(){let e,n;tt=!0,1==l&&(Ie>0?(Ue=He[0]=0,ze=He[1]=Ie-1,e=t[0][Ue],n=t[0][ze],2==P?(e=Ue,n=ze):e==n&&(3==P?[e,n]=ql(e,e,M.log,!1):4==P?[e,n]=Cl(e,e,M.log,!1):M.time?n=e+Hl(86400/v):[e,n]=Al(e,n,.1,!0))):(Ue=He[0]=e=null,ze=He[1]=n=null)),Ft(w,e,n)}function lt(e,t,n,i,l,o){e??=Gi,n??=go,i??="butt",l??=Gi,o??="round",e!=Fe&&(d.strokeStyle=Fe=e),l!=Be&&(d.fillStyle=Be=l),t!=Ge&&(d.lineWidth=Ge=t),o!=Ye&&(d.lineJoin=Ye=o),i!=Je&&(d.lineCap=Je=i),n!=Ve&&d.setLineDash(Ve=n)}function ot(e,t,n,i){t!=Be&&(d.fillStyle=Be=t),e!=Ke&&(d.font=Ke=e),n!=Ze&&(d.textAlign=Ze=n),i!=Xe&&(d.textBaseline=Xe=i)}function st(e,t,n,l,o=0){if(l.length>0&&e.auto(i,tt)&&(null==t||null==t.min)){let t=Dl(Ue,0),i=Dl(ze,l.length-1),s=null==n.min?function(e,t,n,i=0,l=!1){let o=l?Pl:Ml,s=l?Tl:Sl;[t,n]=o(e,t,n);let r=e[t],a=e[t];if(t>-1)if(1==i)r=e[t],a=e[n];else if(-1==i)r=e[n],a=e[t];else for(let i=t;i<=n;i++){let t=e[i];s(t)&&(t<r?r=t:t>a&&(a=t))}return[r??Xl,a??-Xl]}(l,t,i,o,3==e.distr):[n.min,n.max];e.min=Bl(e.min,n.min=s[0]),e.max=Gl(e.max,n.max=s[1])}}i.setData=nt;const rt={min:null,max:null};function at(e,t){let n=t?_[e].points:_[e];n._stroke=n.stroke(i,e),n._fill=n.fill(i,e)}function ut(e,n){let l=n?_[e].points:_[e],{stroke:o,fill:s,clip:r,flags:a,_stroke:u=l._stroke,_fill:c=l._fill,_width:f=l.width}=l._paths;f=ho(f*sl,3);let p=null,h=f%2/2;n&&null==c&&(c=f>0?"#fff":u);let m=1==l.pxAlign&&h>0;if(m&&d.translate(h,h),!n){let e=pe-f/2,t=he-f/2,n=me+f,i=$e+f;p=new Path2D,p.rect(e,t,n,i)}n?dt(u,f,l.dash,l.cap,c,o,s,a,r):function(e,n,l,o,s,r,a,u,c,d,f){let p=!1;0!=c&&b.forEach((h,m)=>{if(h.series[0]==e){let e,$=_[h.series[1]],v=t[h.series[1]],g=($._paths||_o).band;bo(g)&&(g=1==h.dir?g[0]:g[1]);let y=null;$.show&&g&&function(e,t,n){for(t=Dl(t,0),n=Dl(n,e.length-1);t<=n;){if(null!=e[t])return!0;t++}return!1}(v,Ue,ze)?(y=h.fill(i,m)||r,e=$._paths.clip):g=null,dt(n,l,o,s,y,a,u,c,d,f,e,g),p=!0}}),p||dt(n,l,o,s,r,a,u,c,d,f)}(e,u,f,l.dash,l.cap,c,o,s,a,p,r),m&&d.translate(-h,-h)}const ct=3;function dt(e,t,n,i,l,o,s,r,a,u,c,f){lt(e,t,n,i,l),(a||u||f)&&(d.save(),a&&d.clip(a),u&&d.clip(u)),f?(r&ct)==ct?(d.clip(f),c&&d.clip(c),pt(l,s),ft(e,o,t)):2&r?(pt(l,s),d.clip(f),ft(e,o,t)):1&r&&(d.save(),d.clip(f),c&&d.clip(c),pt(l,s),d.restore(),ft(e,o,t)):(pt(l,s),ft(e,o,t)),(a||u||f)&&d.restore()}function ft(e,t,n){n>0&&(t instanceof Map?t.forEach((e,t)=>{d.strokeStyle=Fe=t,d.stroke(e)}):null!=t&&e&&d.stroke(t))}function pt(e,t){t instanceof Map?t.forEach((e,t)=>{d.fillStyle=Be=t,d.fill(e)}):null!=t&&e&&d.fill(t)}function ht(e,t,n,i,l,o,s,r,a,u){let c=s%2/2;1==m&&d.translate(c,c),lt(r,s,a,u,r),d.beginPath();let f,p,h,$,v=l+(0==i||3==i?-o:o);0==n?(p=l,$=v):(f=l,h=v);for(let i=0;i<e.length;i++)null!=t[i]&&(0==n?f=h=e[i]:p=$=e[i],d.moveTo(f,p),d.lineTo(h,$));d.stroke(),1==m&&d.translate(-c,-c)}function mt(e){let t=!0;return g.forEach((n,l)=>{if(!n.show)return;let o=y[n.scale];if(null==o.min)return void(n._show&&(t=!1,n._show=!1,vt(!1)));n._show||(t=!1,n._show=!0,vt(!1));let s=n.side,r=s%2,{min:a,max:u}=o,[c,d]=function(e,t,n,l){let o,s=g[e];if(l<=0)o=[0,0];else{let r=s._space=s.space(i,e,t,n,l);o=Dr(t,n,s._incrs=s.incrs(i,e,t,n,l,r),l,r)}return s._found=o}(l,a,u,0==r?oe:se);if(0==d)return;let f=2==o.distr,p=n._splits=n.splits(i,l,a,u,c,d,f),h=2==o.distr?p.map(e=>et[e]):p,m=2==o.distr?et[p[1]]-et[p[0]]:c,$=n._values=n.values(i,n.filter(i,h,l,d,m),l,d,m);n._rotate=2==s?n.rotate(i,$,l,d):0;let v=n._size;n._size=Fl(n.size(i,$,l,e)),null!=v&&n._size!=v&&(t=!1)}),t}function $t(e){let t=!0;return Ne.forEach((n,l)=>{let o=n(i,l,je,e);o!=We[l]&&(t=!1),We[l]=o}),t}function vt(e){_.forEach((t,n)=>{n>0&&(t._paths=null,e&&(1==l?(t.min=null,t.max=null):t.facets.forEach(e=>{e.min=null,e.max=null})))})}let _t,gt,yt,bt,wt,kt,xt,St,Tt,Mt,Pt,qt,Ct=!1,Et=!1,Rt=[];function Ot(){Et=!1;for(let e=0;e<Rt.length;e++)bn(...Rt[e]);Rt.length=0}function At(){Ct||(Eo(Dt),Ct=!0)}function Dt(){if(ve&&(!function(){for(let e in y){let t=y[e];null==E[e]&&(null==t.min||null!=E[w]&&t.auto(i,tt))&&(E[e]=rt)}for(let e in y){let t=y[e];null==E[e]&&null!=t.from&&null!=E[t.from]&&(E[e]=rt)}null!=E[w]&&vt(!0);let e={};for(let t in E){let n=E[t];if(null!=n){let o=e[t]=Po(y[t],So);if(null!=n.min)qo(o,n);else if(t!=w||2==l)if(0==Ie&&null==o.from){let e=o.range(i,null,null,t);o.min=e[0],o.max=e[1]}else o.min=Xl,o.max=-Xl}}if(Ie>0){_.forEach((n,o)=>{if(1==l){let l=n.scale,s=E[l];if(null==s)return;let r=e[l];if(0==o){let e=r.range(i,r.min,r.max,l);r.min=e[0],r.max=e[1],Ue=kl(r.min,t[0]),ze=kl(r.max,t[0]),ze-Ue>1&&(t[0][Ue]<r.min&&Ue++,t[0][ze]>r.max&&ze--),n.min=et[Ue],n.max=et[ze]}else n.show&&n.auto&&st(r,s,n,t[o],n.sorted);n.idxs[0]=Ue,n.idxs[1]=ze}else if(o>0&&n.show&&n.auto){let[i,l]=n.facets,s=i.scale,r=l.scale,[a,u]=t[o],c=e[s],d=e[r];null!=c&&st(c,E[s],i,a,i.sorted),null!=d&&st(d,E[r],l,u,l.sorted),n.min=l.min,n.max=l.max}});for(let t in e){let n=e[t],l=E[t];if(null==n.from&&(null==l||null==l.min)){let e=n.range(i,n.min==Xl?null:n.min,n.max==-Xl?null:n.max,t);n.min=e[0],n.max=e[1]}}}for(let t in e){let n=e[t];if(null!=n.from){let l=e[n.from];if(null==l.min)n.min=n.max=null;else{let e=n.range(i,l.min,l.max,t);n.min=e[0],n.max=e[1]}}}let n={},o=!1;for(let t in e){let i=e[t],l=y[t];if(l.min!=i.min||l.max!=i.max){l.min=i.min,l.max=i.max;let e=l.distr;l._min=3==e?Jl(l.min):4==e?Zl(l.min,l.asinh):100==e?l.fwd(l.min):l.min,l._max=3==e?Jl(l.max):4==e?Zl(l.max,l.asinh):100==e?l.fwd(l.max):l.max,n[t]=o=!0}}if(o){_.forEach((e,t)=>{2==l?t>0&&n.y&&(e._paths=null):n[e.scale]&&(e._paths=null)});for(let e in n)ge=!0,bn("setScale",e);U&&W.left>=0&&(ye=we=!0)}for(let e in E)E[e]=null}(),ve=!1),ge&&(!function(){let e=!1,t=0;for(;!e;){t++;let n=mt(t),l=$t(t);e=t==Se||n&&l,e||(xe(i.width,i.height),_e=!0)}}(),ge=!1),_e){if(cl(p,Hi,re),cl(p,Ui,ae),cl(p,Wi,oe),cl(p,Ii,se),cl(h,Hi,re),cl(h,Ui,ae),cl(h,Wi,oe),cl(h,Ii,se),cl(f,Wi,ie),cl(f,Ii,le),c.width=Hl(ie*sl),c.height=Hl(le*sl),g.forEach(({_el:e,_show:t,_size:n,_pos:i,side:l})=>{if(null!=e)if(t){let t=l%2==1;cl(e,t?"left":"top",i-(3===l||0===l?n:0)),cl(e,t?"width":"height",n),cl(e,t?"top":"left",t?ae:re),cl(e,t?"height":"width",t?se:oe),ul(e,Li)}else al(e,Li)}),Fe=Be=Ge=Ye=Je=Ke=Ze=Xe=Ve=null,Qe=1,sn(!0),re!=ue||ae!=ce||oe!=de||se!=fe){vt(!1);let e=oe/de,t=se/fe;if(U&&!ye&&W.left>=0){W.left*=e,W.top*=t,yt&&hl(yt,Hl(W.left),0,oe,se),bt&&hl(bt,0,Hl(W.top),oe,se);for(let n=0;n<Ee.length;n++){let i=Ee[n];null!=i&&(Re[n]*=e,Oe[n]*=t,hl(i,Fl(Re[n]),Fl(Oe[n]),oe,se))}}if(Ut.show&&!be&&Ut.left>=0&&Ut.width>0){Ut.left*=e,Ut.width*=e,Ut.top*=t,Ut.height*=t;for(let e in un)cl(zt,e,Ut[e])}ue=re,ce=ae,de=oe,fe=se}bn("setSize"),_e=!1}ie>0&&le>0&&(d.clearRect(0,0,c.width,c.height),bn("drawClear"),x.forEach(e=>e()),bn("draw")),Ut.show&&be&&(Ht(Ut),be=!1),U&&ye&&(ln(null,!0,!1),ye=!1),N.show&&N.live&&we&&(tn(),we=!1),a||(a=!0,i.status=1,bn("ready")),tt=!1,Ct=!1}function jt(e,n){let l=y[e];if(null==l.from){if(0==Ie){let t=l.range(i,n.min,n.max,e);n.min=t[0],n.max=t[1]}if(n.min>n.max){let e=n.min;n.min=n.max,n.max=e}if(Ie>1&&null!=n.min&&null!=n.max&&n.max-n.min<1e-16)return;e==w&&2==l.distr&&Ie>0&&(n.min=kl(n.min,t[0]),n.max=kl(n.max,t[0]),n.min==n.max&&n.max++),E[e]=n,ve=!0,At()}}i.batch=function(e,t=!1){Ct=!0,Et=t,e(i),Dt(),t&&Rt.length>0&&queueMicrotask(Ot)},i.redraw=(e,t)=>{ge=t||!1,!1!==e?Ft(w,M.min,M.max):At()},i.setScale=jt;let Lt=!1;const Nt=W.drag;let Wt=Nt.x,It=Nt.y;U&&(W.x&&(_t=fl("u-cursor-x",h)),W.y&&(gt=fl("u-cursor-y",h)),0==M.ori?(yt=_t,bt=gt):(yt=gt,bt=_t),Pt=W.left,qt=W.top);const Ut=i.select=qo({show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),zt=Ut.show?fl("u-select",Ut.over?h:p):null;function Ht(e,t){if(Ut.show){for(let t in e)Ut[t]=e[t],t in un&&cl(zt,t,e[t]);!1!==t&&bn("setSelect")}}function Ft(e,t,n){jt(e,{min:t,max:n})}function Bt(e,t,n,o){null!=t.focus&&function(e){if(e!=Yt){let t=null==e,n=1!=Pe.alpha;_.forEach((i,o)=>{if(1==l||o>0){let l=t||0==o||o==e;i._focus=t?null:l,n&&function(e,t){_[e].alpha=t,U&&null!=Ee[e]&&(Ee[e].style.opacity=t);I&&V[e]&&(V[e].style.opacity=t)}(o,l?1:Pe.alpha)}}),Yt=e,n&&At()}}(e),null!=t.show&&_.forEach((n,i)=>{i>0&&(e==i||null==e)&&(n.show=t.show,function(e){if(_[e].show)I&&ul(V[e],Li);else if(I&&al(V[e],Li),U){let t=Ce?Ee[0]:Ee[e];null!=t&&hl(t,-10,-10,oe,se)}}(i),2==l?(Ft(n.facets[0].scale,null,null),Ft(n.facets[1].scale,null,null)):Ft(n.scale,null,null),At())}),!1!==n&&bn("setSeries",e,t),o&&Tn("setSeries",i,e,t)}let Gt,Vt,Yt;i.setSelect=Ht,i.setSeries=Bt,i.addBand=function(e,t){e.fill=no(e.fill||null),e.dir=Dl(e.dir,-1),t=t??b.length,b.splice(t,0,e)},i.setBand=function(e,t){qo(b[e],t)},i.delBand=function(e){null==e?b.length=0:b.splice(e,1)};const Jt={focus:!0};function Kt(e,t,n){let i=y[t];n&&(e=e/sl-(1==i.ori?ae:re));let l=oe;1==i.ori&&(l=se,e=l-e),-1==i.dir&&(e=l-e);let o=i._min,s=o+(i._max-o)*(e/l),r=i.distr;return 3==r?Vl(10,s):4==r?((e,t=1)=>Wl.sinh(e)*t)(s,i.asinh):100==r?i.bwd(s):s}function Zt(e,t){cl(zt,Hi,Ut.left=e),cl(zt,Wi,Ut.width=t)}function Xt(e,t){cl(zt,Ui,Ut.top=e),cl(zt,Ii,Ut.height=t)}I&&qe&&te(Zi,H,e=>{W._lock||(Te(e),null!=Yt&&Bt(null,Jt,!0,kn.setSeries))}),i.valToIdx=e=>kl(e,t[0]),i.posToIdx=function(e,n){return kl(Kt(e,w,n),t[0],Ue,ze)},i.posToVal=Kt,i.valToPos=(e,t,n)=>0==y[t].ori?o(e,y[t],n?me:oe,n?pe:0):s(e,y[t],n?$e:se,n?he:0),i.setCursor=(e,t,n)=>{Pt=e.left,qt=e.top,ln(null,t,n)};let Qt=0==M.ori?Zt:Xt,en=1==M.ori?Zt:Xt;function tn(e,t){if(null!=e&&(e.idxs?e.idxs.forEach((e,t)=>{L[t]=e}):(e=>void 0===e)(e.idx)||L.fill(e.idx),N.idx=L[0]),I&&N.live){for(let e=0;e<_.length;e++)(e>0||1==l&&!J)&&nn(e,L[e]);!function(){if(I&&N.live)for(let e=2==l?1:0;e<_.length;e++){if(0==e&&J)continue;let t=N.values[e],n=0;for(let i in t)Y[e][n++].firstChild.nodeValue=t[i]}}()}we=!1,!1!==t&&bn("setLegend")}function nn(e,n){let l,o=_[e],s=0==e&&2==P?et:t[e];J?l=o.values(i,e,n)??K:(l=o.value(i,null==n?null:s[n],e,n),l=null==l?K:{_:l}),N.values[e]=l}function ln(e,n,o){let s;Tt=Pt,Mt=qt,[Pt,qt]=W.move(i,Pt,qt),W.left=Pt,W.top=qt,U&&(yt&&hl(yt,Hl(Pt),0,oe,se),bt&&hl(bt,0,Hl(qt),oe,se));let r=Ue>ze;Gt=Xl,Vt=null;let a=0==M.ori?oe:se,u=1==M.ori?oe:se;if(Pt<0||0==Ie||r){s=W.idx=null;for(let e=0;e<_.length;e++){let t=Ee[e];null!=t&&hl(t,-10,-10,oe,se)}qe&&Bt(null,Jt,!0,null==e&&kn.setSeries),N.live&&(L.fill(s),we=!0)}else{let e,n,o;1==l&&(e=0==M.ori?Pt:qt,n=Kt(e,w),s=W.idx=kl(n,t[0],Ue,ze),o=q(t[0][s],M,a,0));let r=-10,c=-10,d=0,f=0,p=!0,h="",m="";for(let e=2==l?1:0;e<_.length;e++){let $=_[e],v=L[e],g=null==v?null:1==l?t[e][v]:t[e][1][v],b=W.dataIdx(i,e,s,n),w=null==b?null:1==l?t[e][b]:t[e][1][b];if(we=we||w!=g||b!=v,L[e]=b,e>0&&$.show){let n=null==b?-10:b==s?o:q(1==l?t[0][b]:t[e][0][b],M,a,0),v=null==w?-10:C(w,1==l?y[$.scale]:y[$.facets[1].scale],u,0);if(qe&&null!=w){let t=1==M.ori?Pt:qt,n=Ul(Pe.dist(i,e,b,v,t));if(n<Gt){let i=Pe.bias;if(0!=i){let l=Kt(t,$.scale),o=l>=0?1:-1;o==(w>=0?1:-1)&&(1==o?1==i?w>=l:w<=l:1==i?w<=l:w>=l)&&(Gt=n,Vt=e)}else Gt=n,Vt=e}}if(we||Ce){let t,l;0==M.ori?(t=n,l=v):(t=v,l=n);let o,s,a,u,$,_,g=!0,y=Me.bbox;if(null!=y){g=!1;let t=y(i,e);a=t.left,u=t.top,o=t.width,s=t.height}else a=t,u=l,o=s=Me.size(i,e);if(_=Me.fill(i,e),$=Me.stroke(i,e),Ce)e==Vt&&Gt<=Pe.prox&&(r=a,c=u,d=o,f=s,p=g,h=_,m=$);else{let t=Ee[e];null!=t&&(Re[e]=a,Oe[e]=u,_l(t,o,s,g),$l(t,_,$),hl(t,Fl(a),Fl(u),oe,se))}}}}if(Ce){let e=Pe.prox;if(we||(null==Yt?Gt<=e:Gt>e||Vt!=Yt)){let e=Ee[0];null!=e&&(Re[0]=r,Oe[0]=c,_l(e,d,f,p),$l(e,h,m),hl(e,Fl(r),Fl(c),oe,se))}}}if(Ut.show&&Lt)if(null!=e){let[t,n]=kn.scales,[i,l]=kn.match,[o,s]=e.cursor.sync.scales,r=e.cursor.drag;if(Wt=r._x,It=r._y,Wt||It){let r,c,d,f,p,{left:h,top:m,width:$,height:v}=e.select,_=e.scales[o].ori,g=e.posToVal,b=null!=t&&i(t,o),w=null!=n&&l(n,s);b&&Wt?(0==_?(r=h,c=$):(r=m,c=v),d=y[t],f=q(g(r,o),d,a,0),p=q(g(r+c,o),d,a,0),Qt(Bl(f,p),Ul(p-f))):Qt(0,a),w&&It?(1==_?(r=h,c=$):(r=m,c=v),d=y[n],f=C(g(r,s),d,u,0),p=C(g(r+c,s),d,u,0),en(Bl(f,p),Ul(p-f))):en(0,u)}else cn()}else{let e=Ul(Tt-wt),t=Ul(Mt-kt);if(1==M.ori){let n=e;e=t,t=n}Wt=Nt.x&&e>=Nt.dist,It=Nt.y&&t>=Nt.dist;let n,i,l=Nt.uni;null!=l?Wt&&It&&(Wt=e>=l,It=t>=l,Wt||It||(t>e?It=!0:Wt=!0)):Nt.x&&Nt.y&&(Wt||It)&&(Wt=It=!0),Wt&&(0==M.ori?(n=xt,i=Pt):(n=St,i=qt),Qt(Bl(n,i),Ul(i-n)),It||en(0,u)),It&&(1==M.ori?(n=xt,i=Pt):(n=St,i=qt),en(Bl(n,i),Ul(i-n)),Wt||Qt(0,a)),Wt||It||(Qt(0,0),en(0,0))}if(Nt._x=Wt,Nt._y=It,null==e){if(o){if(null!=xn){let[e,t]=kn.scales;kn.values[0]=null!=e?Kt(0==M.ori?Pt:qt,e):null,kn.values[1]=null!=t?Kt(1==M.ori?Pt:qt,t):null}Tn(Vi,i,Pt,qt,oe,se,s)}if(qe){let e=o&&kn.setSeries,t=Pe.prox;null==Yt?Gt<=t&&Bt(Vt,Jt,!0,e):Gt>t?Bt(null,Jt,!0,e):Vt!=Yt&&Bt(Vt,Jt,!0,e)}}we&&(N.idx=s,tn()),!1!==n&&bn("setCursor")}i.setLegend=tn;let on=null;function sn(e=!1){e?on=null:(on=h.getBoundingClientRect(),bn("syncRect",on))}function rn(e,t,n,i,l,o,s){W._lock||Lt&&null!=e&&0==e.movementX&&0==e.movementY||(an(e,t,n,i,l,o,s,!1,null!=e),null!=e?ln(null,!0,!0):ln(t,!0,!1))}function an(e,t,n,l,o,s,a,u,c){if(null==on&&sn(!1),Te(e),null!=e)n=e.clientX-on.left,l=e.clientY-on.top;else{if(n<0||l<0)return Pt=-10,void(qt=-10);let[e,i]=kn.scales,a=t.cursor.sync,[u,c]=a.values,[d,f]=a.scales,[p,h]=kn.match,m=t.axes[0].side%2==1,$=0==M.ori?oe:se,v=1==M.ori?oe:se,_=m?s:o,g=m?o:s,b=m?l:n,w=m?n:l;if(n=null!=d?p(e,d)?r(u,y[e],$,0):-10:$*(b/_),l=null!=f?h(i,f)?r(c,y[i],v,0):-10:v*(w/g),1==M.ori){let e=n;n=l,l=e}}!c||null!=t&&t.cursor.event.type!=Vi||((n<=1||n>=oe-1)&&(n=co(n,oe)),(l<=1||l>=se-1)&&(l=co(l,se))),u?(wt=n,kt=l,[xt,St]=W.move(i,n,l)):(Pt=n,qt=l)}Object.defineProperty(i,"rect",{get:()=>(null==on&&sn(!1),on)});const un={width:0,height:0,left:0,top:0};function cn(){Ht(un,!1)}let dn,fn,pn,hn;function mn(e,t,n,l,o,s,r){Lt=!0,Wt=It=Nt._x=Nt._y=!1,an(e,t,n,l,o,s,0,!0,!1),null!=e&&(te(Ji,il,$n,!1),Tn(Yi,i,xt,St,oe,se,null));let{left:a,top:u,width:c,height:d}=Ut;dn=a,fn=u,pn=c,hn=d}function $n(e,t,n,l,o,s,r){Lt=Nt._x=Nt._y=!1,an(e,t,n,l,o,s,0,!1,!0);let{left:a,top:u,width:c,height:d}=Ut,f=c>0||d>0,p=dn!=a||fn!=u||pn!=c||hn!=d;if(f&&p&&Ht(Ut),Nt.setScale&&f&&p){let e=a,t=c,n=u,i=d;if(1==M.ori&&(e=u,t=d,n=a,i=c),Wt&&Ft(w,Kt(e,w),Kt(e+t,w)),It)for(let e in y){let t=y[e];e!=w&&null==t.from&&t.min!=Xl&&Ft(e,Kt(n+i,e),Kt(n,e))}cn()}else W.lock&&(W._lock=!W._lock,ln(t,!0,null!=e));null!=e&&(ne(Ji,il),Tn(Ji,i,Pt,qt,oe,se,null))}function vn(e,t,n,l,o,s,r){W._lock||(Te(e),it(),cn(),null!=e&&Tn(Xi,i,Pt,qt,oe,se,null))}function _n(){g.forEach(Lr),ke(i.width,i.height,!0)}bl(el,ll,_n);const gn={};gn.mousedown=mn,gn.mousemove=rn,gn.mouseup=$n,gn.dblclick=vn,gn.setSeries=(e,t,n,l)=>{-1!=(n=(0,kn.match[2])(i,t,n))&&Bt(n,l,!0,!1)},U&&(te(Yi,h,mn),te(Vi,h,rn),te(Ki,h,e=>{Te(e),sn(!1)}),te(Zi,h,function(e,t,n,i,l,o,s){if(W._lock)return;Te(e);let r=Lt;if(Lt){let e,t,n=!0,i=!0,l=10;0==M.ori?(e=Wt,t=It):(e=It,t=Wt),e&&t&&(n=Pt<=l||Pt>=oe-l,i=qt<=l||qt>=se-l),e&&n&&(Pt=Pt<xt?0:oe),t&&i&&(qt=qt<St?0:se),ln(null,!0,!0),Lt=!1}Pt=-10,qt=-10,L.fill(null),ln(null,!0,!0),r&&(Lt=r)}),te(Xi,h,vn),wr.add(i),i.syncRect=sn);const yn=i.hooks=e.hooks||{};function bn(e,t,n){Et?Rt.push([e,t,n]):e in yn&&yn[e].forEach(e=>{e.call(null,i,t,n)})}(e.plugins||[]).forEach(e=>{for(let t in e.hooks)yn[t]=(yn[t]||[]).concat(e.hooks[t])});const wn=(e,t,n)=>n,kn=qo({key:null,setSeries:!1,filters:{pub:so,sub:so},scales:[w,_[1]?_[1].scale:null],match:[ro,ro,wn],values:[null,null]},W.sync);2==kn.match.length&&kn.match.push(wn),W.sync=kn;const xn=kn.key,Sn=Ks(xn);function Tn(e,t,n,i,l,o,s){kn.filters.pub(e,t,n,i,l,o,s)&&Sn.pub(e,t,n,i,l,o,s)}function Mn(){bn("init",e,t),nt(t||e.data,!1),E[w]?jt(w,E[w]):it(),be=Ut.show&&(Ut.width>0||Ut.height>0),ye=we=!0,ke(e.width,e.height)}return Sn.sub(i),i.pub=function(e,t,n,i,l,o,s){kn.filters.sub(e,t,n,i,l,o,s)&&gn[e](null,t,n,i,l,o,s)},i.destroy=function(){Sn.unsub(i),wr.delete(i),ee.clear(),wl(el,ll,_n),u.remove(),H?.remove(),bn("destroy")},_.forEach(De),g.forEach(function(e,t){if(e._show=e.show,e.show){let n=e.side%2,l=y[e.scale];null==l&&(e.scale=n?_[1].scale:w,l=y[e.scale]);let o=l.time;e.size=no(e.size),e.space=no(e.space),e.rotate=no(e.rotate),bo(e.incrs)&&e.incrs.forEach(e=>{!mo.has(e)&&mo.set(e,$o(e))}),e.incrs=no(e.incrs||(2==l.distr?Go:o?1==v?os:as:Vo)),e.splits=no(e.splits||(o&&1==l.distr?A:3==l.distr?Es:4==l.distr?Rs:Cs)),e.stroke=no(e.stroke),e.grid.stroke=no(e.grid.stroke),e.ticks.stroke=no(e.ticks.stroke),e.border.stroke=no(e.border.stroke);let s=e.values;e.values=bo(s)&&!bo(s[0])?no(s):o?bo(s)?fs(R,ds(s,O)):ko(s)?function(e,t){let n=Io(t);return(t,i,l,o,s)=>i.map(t=>n(e(t)))}(R,s):s||D:s||qs,e.filter=no(e.filter||(l.distr>=3&&10==l.log?Ns:3==l.distr&&2==l.log?Ws:lo)),e.font=jr(e.font),e.labelFont=jr(e.labelFont),e._size=e.size(i,null,t,0),e._space=e._rotate=e._incrs=e._found=e._splits=e._values=null,e._size>0&&(je[t]=!0,e._el=fl("u-axis",f))}}),n?n instanceof HTMLElement?(n.appendChild(u),Mn()):n(i,Mn):Mn(),i}Nr.assign=qo,Nr.fmtNum=Nl,Nr.rangeNum=Al,Nr.rangeLog=ql,Nr.rangeAsinh=Cl,Nr.orient=Zs,Nr.pxRatio=sl,Nr.join=function(e,t){if(function(e){let t=e[0][0],n=t.length;for(let i=1;i<e.length;i++){let l=e[i][0];if(l.length!=n)return!1;if(l!=t)for(let e=0;e<n;e++)if(l[e]!=t[e])return!1}return!0}(e)){let t=e[0].slice();for(let n=1;n<e.length;n++)t.push(...e[n].slice(1));return function(e,t=100){const n=e.length;if(n<=1)return!0;let i=0,l=n-1;for(;i<=l&&null==e[i];)i++;for(;l>=i&&null==e[l];)l--;if(l<=i)return!0;const o=Gl(1,zl((l-i+1)/t));for(let t=e[i],n=i+o;n<=l;n+=o){const i=e[n];if(null!=i){if(i<=t)return!1;t=i}}return!0}(t[0])||(t=function(e){let t=e[0],n=t.length,i=Array(n);for(let e=0;e<i.length;e++)i[e]=e;i.sort((e,n)=>t[e]-t[n]);let l=[];for(let t=0;t<e.length;t++){let o=e[t],s=Array(n);for(let e=0;e<n;e++)s[e]=o[i[e]];l.push(s)}return l}(t)),t}let n=new Set;for(let t=0;t<e.length;t++){let i=e[t][0],l=i.length;for(let e=0;e<l;e++)n.add(i[e])}let i=[Array.from(n).sort((e,t)=>e-t)],l=i[0].length,o=new Map;for(let e=0;e<l;e++)o.set(i[0][e],e);for(let n=0;n<e.length;n++){let s=e[n],r=s[0];for(let e=1;e<s.length;e++){let a=s[e],u=Array(l).fill(void 0),c=t?t[n][e]:1,d=[];for(let e=0;e<a.length;e++){let t=a[e],n=o.get(r[e]);null===t?0!=c&&(u[n]=t,2==c&&d.push(n)):u[n]=t}Co(u,d,l),i.push(u)}}return i},Nr.fmtDate=Io,Nr.tzDate=function(e,t){let n;return"UTC"==t||"Etc/UTC"==t?n=new Date(+e+6e4*e.getTimezoneOffset()):t==Uo?n=e:(n=new Date(e.toLocaleString("en-US",{timeZone:t})),n.setMilliseconds(e.getMilliseconds())),n},Nr.sync=Ks;{Nr.addGap=function(e,t,n){let i=e[e.length-1];i&&i[0]==t?i[1]=n:e.push([t,n])},Nr.clipGaps=tr;let e=Nr.paths={points:mr};e.linear=gr,e.stepped=function(e){const t=Dl(e.align,1),n=Dl(e.ascDesc,!1),i=Dl(e.alignGaps,0),l=Dl(e.extend,!1);return(e,o,s,r)=>Zs(e,o,(a,u,c,d,f,p,h,m,$,v,_)=>{[s,r]=Ml(c,s,r);let g=a.pxRound,{left:y,width:b}=e.bbox,w=e=>g(p(e,d,v,m)),k=e=>g(h(e,f,_,$)),x=0==d.ori?rr:ar;const S={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},T=S.stroke,M=d.dir*(0==d.ori?1:-1);let P=k(c[1==M?s:r]),q=w(u[1==M?s:r]),C=q,E=q;l&&-1==t&&(E=y,x(T,E,P)),x(T,q,P);for(let e=1==M?s:r;e>=s&&e<=r;e+=M){let n=c[e];if(null==n)continue;let i=w(u[e]),l=k(n);1==t?x(T,i,P):x(T,C,l),x(T,i,l),P=l,C=i}let R=C;l&&1==t&&(R=y+b,x(T,R,P));let[O,A]=Xs(e,o);if(null!=a.fill||0!=O){let t=S.fill=new Path2D(T),n=k(a.fillTo(e,o,a.min,a.max,O));x(t,R,n),x(t,E,n)}if(!a.spanGaps){let l=[];l.push(...nr(u,c,s,r,M,w,i));let f=a.width*sl/2,p=n||1==t?f:-f,h=n||-1==t?-f:f;l.forEach(e=>{e[0]+=p,e[1]+=h}),S.gaps=l=a.gaps(e,o,s,r,l),S.clip=tr(l,d.ori,m,$,v,_)}return 0!=A&&(S.band=2==A?[er(e,o,s,r,T,-1),er(e,o,s,r,T,1)]:er(e,o,s,r,T,A)),S})},e.bars=function(e){const t=Dl((e=e||_o).size,[.6,Xl,1]),n=e.align||0,i=e.gap||0;let l=e.radius;l=null==l?[0,0]:"number"==typeof l?[l,0]:l;const o=no(l),s=1-t[0],r=Dl(t[1],Xl),a=Dl(t[2],1),u=Dl(e.disp,_o),c=Dl(e.each,e=>{}),{fill:d,stroke:f}=u;return(e,t,l,p)=>Zs(e,t,(h,m,$,v,_,g,y,b,w,k,x)=>{let S,T,M=h.pxRound,P=n,q=i*sl,C=r*sl,E=a*sl;0==v.ori?[S,T]=o(e,t):[T,S]=o(e,t);const R=v.dir*(0==v.ori?1:-1);let O,A,D,j=0==v.ori?ur:cr,L=0==v.ori?c:(e,t,n,i,l,o,s)=>{c(e,t,n,l,i,s,o)},N=Dl(e.bands,go).find(e=>e.series[0]==t),W=null!=N?N.dir:0,I=h.fillTo(e,t,h.min,h.max,W),U=M(y(I,_,x,w)),z=k,H=M(h.width*sl),F=!1,B=null,G=null,V=null,Y=null;null==d||0!=H&&null==f||(F=!0,B=d.values(e,t,l,p),G=new Map,new Set(B).forEach(e=>{null!=e&&G.set(e,new Path2D)}),H>0&&(V=f.values(e,t,l,p),Y=new Map,new Set(V).forEach(e=>{null!=e&&Y.set(e,new Path2D)})));let{x0:J,size:K}=u;if(null!=J&&null!=K){P=1,m=J.values(e,t,l,p),2==J.unit&&(m=m.map(t=>e.posToVal(b+t*k,v.key,!0)));let n=K.values(e,t,l,p);A=2==K.unit?n[0]*k:g(n[0],v,k,b)-g(0,v,k,b),z=yr(m,$,g,v,k,b,z),D=z-A+q}else z=yr(m,$,g,v,k,b,z),D=z*s+q,A=z-D;D<1&&(D=0),H>=A/2&&(H=0),D<5&&(M=io);let Z=D>0;A=M(eo(z-D-(Z?H:0),E,C)),O=(0==P?A/2:P==R?0:A)-P*R*((0==P?q/2:0)+(Z?H/2:0));const X={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},Q=F?null:new Path2D;let ee=null;if(null!=N)ee=e.data[N.series[1]];else{let{y0:n,y1:i}=u;null!=n&&null!=i&&($=i.values(e,t,l,p),ee=n.values(e,t,l,p))}let te=S*A,ne=T*A;for(let n=1==R?l:p;n>=l&&n<=p;n+=R){let i=$[n];if(null==i)continue;if(null!=ee){let e=ee[n]??0;if(i-e==0)continue;U=y(e,_,x,w)}let l=g(2!=v.distr||null!=u?m[n]:n,v,k,b),o=y(Dl(i,I),_,x,w),s=M(l-O),r=M(Gl(o,U)),a=M(Bl(o,U)),c=r-a;if(null!=i){let l=i<0?ne:te,o=i<0?te:ne;F?(H>0&&null!=V[n]&&j(Y.get(V[n]),s,a+zl(H/2),A,Gl(0,c-H),l,o),null!=B[n]&&j(G.get(B[n]),s,a+zl(H/2),A,Gl(0,c-H),l,o)):j(Q,s,a+zl(H/2),A,Gl(0,c-H),l,o),L(e,t,n,s-H/2,a,A+H,c)}}return H>0?X.stroke=F?Y:Q:F||(X._fill=0==h.width?h._fill:h._stroke??h._fill,X.width=0),X.fill=F?G:Q,X})},e.spline=function(e){return function(e,t){const n=Dl(t?.alignGaps,0);return(t,i,l,o)=>Zs(t,i,(s,r,a,u,c,d,f,p,h,m,$)=>{[l,o]=Ml(a,l,o);let v,_,g,y=s.pxRound,b=e=>y(d(e,u,m,p)),w=e=>y(f(e,c,$,h));0==u.ori?(v=or,g=rr,_=pr):(v=sr,g=ar,_=hr);const k=u.dir*(0==u.ori?1:-1);let x=b(r[1==k?l:o]),S=x,T=[],M=[];for(let e=1==k?l:o;e>=l&&e<=o;e+=k)if(null!=a[e]){let t=b(r[e]);T.push(S=t),M.push(w(a[e]))}const P={stroke:e(T,M,v,g,_,y),fill:null,clip:null,band:null,gaps:null,flags:1},q=P.stroke;let[C,E]=Xs(t,i);if(null!=s.fill||0!=C){let e=P.fill=new Path2D(q),n=w(s.fillTo(t,i,s.min,s.max,C));g(e,S,n),g(e,x,n)}if(!s.spanGaps){let e=[];e.push(...nr(r,a,l,o,k,b,n)),P.gaps=e=s.gaps(t,i,l,o,e),P.clip=tr(e,u.ori,p,h,m,$)}return 0!=E&&(P.band=2==E?[er(t,i,l,o,q,-1),er(t,i,l,o,q,1)]:er(t,i,l,o,q,E)),P})}(br,e)}}function Wr({title:e,unit:t,format:n,lines:i,times:l,marks:o,now:s}){const r=re(null),a=Xe(null);se(()=>{const e=new Nr(function({format:e,lines:t,marks:n,now:i,point:l}){const o={stroke:()=>Ir("--muted"),font:"11px system-ui, sans-serif",ticks:{show:!1}};return{width:300,height:150,padding:[8,8,0,0],legend:{show:!1},cursor:{y:!1,drag:{setScale:!1},sync:{key:"console"},points:{size:5}},scales:{x:{range:()=>[i.peek()/1e3-300,i.peek()/1e3]},y:{range:(e,t,n)=>[0,n>0?1.15*n:1]}},axes:[{...o,grid:{show:!1},incrs:[60,120,300],space:56,size:24,values:(e,t)=>t.map(Ur)},{...o,grid:{stroke:()=>Ir("--line"),width:1},size:52,space:32,values:(t,n)=>n.map(t=>e(t))}],series:[{},...t.map(({label:e,colour:t,dash:n,filled:i})=>({label:e,dash:n,width:1.5,points:{show:!1},stroke:()=>Ir(t),...!0===i?{fill:()=>Ir(`${t}-soft`)}:{}}))],hooks:{draw:[e=>function({ctx:e,bbox:t,valToPos:n},i){for(const{time:l,type:o}of i){const i=Math.round(n(l/1e3,"x",!0));if(!(i>=t.left&&i<=t.left+t.width))continue;e.save(),e.strokeStyle=e.fillStyle=Ir("refused"===o?"--warning":"--muted"),e.lineWidth=devicePixelRatio,e.setLineDash([4,4]),e.beginPath(),e.moveTo(i,t.top),e.lineTo(i,t.top+t.height),e.stroke();const s=5*devicePixelRatio;e.beginPath(),e.moveTo(i-s,t.top),e.lineTo(i+s,t.top),e.lineTo(i,t.top+1.4*s),e.fill(),e.restore()}}(e,n.peek()??[])],setCursor:[({cursor:{idx:e}})=>l(e??null)]}}}({format:n,lines:i,marks:o,now:s,point:e=>{a.value=e}}),void 0,r.current),t=He(()=>e.setData([l.value,...i.map(({values:e})=>e.value)])),u=new ResizeObserver(([{contentRect:{width:t}}])=>e.setSize({width:Math.floor(t),height:150}));u.observe(r.current);const c=matchMedia("(prefers-color-scheme: dark)"),d=()=>e.redraw();return c.addEventListener("change",d),()=>{t(),u.disconnect(),c.removeEventListener("change",d),e.destroy()}},[]);const u=a.value??l.value.length-1;return nt`
    <figure>
      <figcaption>
        <strong>${e}</strong> <span class="unit">${t}</span>
        <span class="legend" aria-hidden="true">
          ${i.map(({label:e,colour:t,values:i})=>nt`
            <span key=${e}><i class=${`line ${t.slice(2)}`}></i>${e} <b>${n(i.value[u]??null)}</b></span>`)}
        </span>
      </figcaption>
      <div ref=${r} class="plot" role="img" aria-label=${function(e,t,n){const i=t.map(({label:e,values:t})=>{const i=t.value.filter(e=>null!=e);return 0===i.length?`${e}: no figures yet`:`${e}: ${n(i.at(-1))} now, from ${n(Math.min(...i))} to ${n(Math.max(...i))}`});return`${e} in the last five minutes. ${i.join("; ")}.`}(e,i,n)}></div>
    </figure>`}function Ir(e){return getComputedStyle(document.documentElement).getPropertyValue(e).trim()}function Ur(e){return new Date(1e3*e).toLocaleTimeString("en-GB",{hour:"2-digit",minute:"2-digit"})}const zr=Ne(()=>pt.value.map(({second:e})=>e)),Hr=(e,t,n,i={})=>({label:e,colour:t,values:Ne(()=>pt.value.map(n)),...i}),Fr=[{title:"Requests",unit:"per second",format:Dt,lines:[Hr("requests","--accent",({requests:e})=>e,{filled:!0})]},{title:"Errors",unit:"per second, by fault",format:Dt,lines:[Hr("gateway","--critical",({errors:e})=>e.gateway),Hr("upstream","--warning",({errors:e})=>e.upstream,{dash:[6,3]}),Hr("client","--muted",({errors:e})=>e.client,{dash:[2,3]})]},{title:"Duration",unit:"percentiles",format:Lt,lines:[Hr("99th","--accent-3",({p99:e})=>e,{dash:[2,3]}),Hr("95th","--accent-2",({p95:e})=>e,{dash:[6,3]}),Hr("median","--accent",({p50:e})=>e)]},{title:"Event-loop delay",unit:"of the slowest thread",format:Lt,lines:[Hr("delay","--accent",({loopDelay:e})=>e,{filled:!0})]}];function Br(){return nt`
    <section class="charts" aria-label="The last five minutes">
      ${Fr.map(e=>nt`<${Wr} key=${e.title} ...${e} times=${zr} marks=${ft} now=${ut} />`)}
    </section>
    <${Vr} />`}const Gr={started:"started",reloaded:"took over",refused:"refused a reload"};function Vr(){const e=ft.value??[];return nt`
    ${e.length>0&&nt`
      <ul class="marks" aria-label="Starts and reloads of the last five minutes">
        ${e.slice(-6).toReversed().map(e=>nt`<${Yr} key=${e.time} ...${e} />`)}
      </ul>`}
    ${pt.value.length<240&&nt`
      <p class="hint">Figures are collected while somebody watches: the lines begin with the first look.</p>`}`}function Yr({time:e,type:t,generation:n,trigger:i,by:l}){return nt`
    <li class=${t}>
      <time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time> generation ${n} ${Gr[t]}
      ${void 0!==i&&` (${i}${void 0===l?"":` by ${l}`})`}
    </li>`}const Jr={critical:"critical",warning:"warning",info:"notice"};function Kr({links:e}){if(void 0===ct.value)return nt`<p role="status">Waiting for the gateway.</p>`;const t=dt.value??[];return nt`
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title" class="hidden">What is wrong</h2>
      <p class="summary" role="status">${function(e){if(0===e.length)return nt`<${Qt} kind="good">Nothing is wrong.<//>`;const t=Object.keys(Jr).map(t=>[t,e.filter(e=>e.severity===t).length]),n=t.filter(([,e])=>e>0).map(([e,t])=>`${t} ${e}`);return nt`<${Qt} kind=${Jr[e[0].severity]}>${Bt(e.length,"problem")}: ${n.join(", ")}<//>`}(t)}</p>
      ${t.length>0&&nt`<ul>${t.map((t,n)=>nt`<${Zr} key=${n} ...${t} links=${e} />`)}</ul>`}
    </section>`}function Zr({severity:e,text:t,since:n,link:i,links:l}){const o=/^#\/([a-z]+)/.exec(i)?.[1];return nt`
    <li class=${e}>
      <${Qt} kind=${Jr[e]}>${e}<//>
      <span class="text">${t}</span>
      ${void 0!==n&&nt`<time dateTime=${new Date(n).toISOString()}>since ${Ht(n)}</time>`}
      ${"overview"!==o&&l.includes(o)&&nt`<a href=${i} aria-label=${`Show more about: ${t}`}>Show</a>`}
    </li>`}function Xr({name:e,value:t,unit:n,detail:i}){return nt`
    <div>
      <dt>${e}</dt>
      <dd><span class="value">${t}</span>${n&&nt`<span class="unit">${n}</span>`}</dd>
      ${i&&nt`<dd class="detail">${i}</dd>`}
    </div>`}const Qr=mt("threads");function ea(){const e=pt.value.at(-1),{generation:t,loadedAt:n,warnings:i=[]}=ct.value??{},{startedAt:l}=at.value??{},o=Object.values(Qr.value);return nt`
    <dl class="tiles" aria-label="Figures of now">
      <${Xr} name="Requests" value=${Dt(e?.requests)} unit="/s" />
      <${Xr} name="Errors" value=${Dt(e&&(s=e.errors,Object.values(s).reduce((e,t)=>e+t,0)))} unit="/s" detail=${e&&function(e){const t=Object.entries(e).filter(([,e])=>e>0).map(([e,t])=>`${e} ${Dt(t)}`);return 0===t.length?"none":t.join(" · ")}(e.errors)} />
      <${Xr} name="Median" value=${Lt(e?.p50)} />
      <${Xr} name="95th percentile" value=${Lt(e?.p95)} detail=${`99th: ${Lt(e?.p99)}`} />
      <${Xr} name="In flight" value=${Dt(e?.inFlight)} detail=${e&&`on ${Bt(e.connections,"connection")}`} />
      <${Xr} name="Event-loop delay" value=${Lt(e?.loopDelay)} />
      <${Xr} name="Memory" value=${Nt(e?.memory)} />
      <${Xr} name="Generation" value=${t??At} detail=${n&&`loaded ${zt(Date.parse(n),ut.value)}`} />
      <${Xr} name="Uptime" value=${l?Ut(ut.value-l):At} />
      <${Xr} name="Threads" value=${void 0===t?At:Math.max(1,o.length)} detail=${function(e){if(0===e.length)return"one for everything";const t=e.filter(({state:e})=>"serving"!==e);return 0===t.length?"all serve":t.map(({number:e,state:t})=>`${e} is ${t}`).join(" · ")}(o)} />
      ${i.length>0&&nt`<${Xr} name="Warnings" value=${i.length} detail="of the configuration" />`}
    </dl>`;var s}function ta(e,t){if(e.includes(t))return[t];const n=e.filter(e=>e.includes(t));return 0===n.length?[t]:n}function na(e){const t=e.toLowerCase();return/^[1-5]x?$/.test(t)?[`${t[0]}xx`]:/^[1-5]\d$/.test(t)?Array.from({length:10},(e,n)=>t+n):[t]}function ia({id:e,thread:t,time:n,durationMs:i}){return`${n}/${i}/${t}/${e}`}function la(e,t){const n=new Map(e.map(e=>[ia(e),e]));return t.map(e=>n.get(ia(e))??e)}function oa({status:e,grpcStatus:t}){return void 0!==t&&"OK"!==t&&e<400?"warning":e>=500?"critical":e>=400?"warning":"good"}function sa({status:e,grpcStatus:t}){return void 0===t?String(e):`${e} ${t}`}function ra(e){return e.replace(/^[a-z]+:\/\//,"")}function aa({path:e,query:t}){return void 0===e||void 0===t?e:`${e}?${t}`}function ua(e){return e<1?`${Number(e.toPrecision(2))} ms`:Lt(e)}const ca=[{name:"time",title:"Time",hint:"When it began",by:({time:e,durationMs:t})=>e+t,cell:function({time:e}){return nt`<time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time>`}},{name:"request",title:"Request",cell:function(e){const{id:t,method:n=""}=e,i=aa(e)??`request ${t}`;return nt`<a class="cut asked" href=${Yt("requests",{},t)} title=${`${n} ${i}`}><b>${n}</b> ${i}</a>`}},{name:"status",title:"Status",by:({status:e})=>e,cell:function(e){return nt`<span class="cut" title=${sa(e)}><${Qt} kind=${oa(e)}>${sa(e)}<//></span>`}},{name:"duration",title:"Took",number:!0,by:({durationMs:e})=>e,cell:({durationMs:e})=>Lt(e)},{name:"reason",title:"Reason",minor:!0,cell:function({reason:e,policy:t}){return void 0===e?null:nt`<span class="cut" title=${void 0===t?e:`${e} by ${t}`}>
    ${e}${void 0!==t&&nt` <span class="dim">by ${t}</span>`}</span>`}},{name:"route",title:"Route",minor:!0,cell:function({route:e}){return void 0===e?nt`<span class="dim">none</span>`:nt`<a class="cut" href=${Yt("routes",{},e)} title=${e}>${e}</a>`}},{name:"target",title:"Target",minor:!0,hint:"Where the last attempt went",cell:function(e){const{target:t,upstream:n=""}=e;if(void 0===t)return null;const i=function({attempts:e,attemptsLeftOut:t=0}){return e.length+t}(e);return nt`<span class="cut" title=${`${n} ${t}`}>
    ${ra(t)}${i>1&&nt` <span class="tag" title=${`${i} attempts`}>×${i}</span>`}</span>`}},{name:"client",title:"Client",minor:!0,cell:({clientIp:e})=>nt`<span class="cut" title=${e}>${e}</span>`}],da=[...ca,{name:"thread",title:"Thread",number:!0,minor:!0,cell:({thread:e})=>e}];function fa({requests:e,filtered:t}){const n=e.some(({thread:e})=>void 0!==e);return nt`
    <${Mn} caption="Last requests" columns=${n?da:ca} rows=${e} keyOf=${ia} sort="-time"
      empty=${t?"No request that is kept fits.":"No request has ended yet."} />`}const[pa,ha]=[100,500],ma=mt("routes");function $a(){const[e,t]=oe(pa),[n,i]=oe(!1),[l,o]=oe(!1),[s,r]=oe(!1),a=re(new Set),u=re({}),{value:c}=rn(`/requests?limit=${ha}`),d=({requests:e})=>{for(const{reason:t}of e)void 0!==t&&a.current.add(t)};void 0!==c&&d(c);const f={reasons:[...a.current],routes:Object.keys(ma.value)},p=function(e,{reasons:t,routes:n},i){const l=t=>(e.get(t)??"").trim(),o=e=>l(e).split(/[\s,]+/).filter(e=>""!==e),s=l("route"),r=ta(n,s);return`/requests?${new URLSearchParams(Object.entries({status:o("status").flatMap(na).join(),reason:o("reason").flatMap(e=>ta(t,e)).join(),route:1===r.length?r[0]:s,id:l("id"),limit:i}).filter(([,e])=>""!==e))}`}(Vt.value.query,f,e),h=(n||l)&&u.current.path===p,{value:m,problem:$}=rn(h?void 0:p,{every:s?void 0:1e3,after:ct.value?.generation});if(se(()=>{h||r(404===$?.status)},[h,$]),void 0!==m&&m!==u.current.value&&(u.current={path:p,value:m,requests:la(u.current.requests??[],m.requests)},d(m)),s||404===$?.status)return nt`<${_a} />`;const{value:v,requests:_}=u.current;if(void 0===v)return nt`<${on} problem=${$} />`;const{silentThreads:g=[]}=v;return nt`
    <div class="tools">
      <${cn} name="status" label="Status" placeholder="404, 5xx" suggestions=${["2xx","3xx","4xx","5xx","429","499"]} />
      <${cn} name="reason" label="Reason" placeholder="rate-limited" suggestions=${f.reasons} />
      <${cn} name="route" label="Route" suggestions=${f.routes} />
      <${cn} name="id" label="Id" placeholder="from its beginning" />
      <${va} stopped=${n} pointed=${l} onStop=${()=>i(!n)} />
    </div>
    ${400===$?.status&&nt`<p class="problem" role="alert">${sn($)}</p>`}
    ${g.length>0&&nt`<p role="status" class="silent"><${Qt} kind="warning">${function(e){return`${1===e.length?"Thread":"Threads"} ${e.join(", ")} did not respond within a second: `+(1===e.length?"its":"their")+" requests are missing here."}(g)}<//></p>`}
    <div class="card requests" onPointerOver=${({target:e})=>o(null!==e.closest("tbody"))} onPointerLeave=${()=>o(!1)}
      onFocusIn=${({target:e})=>o(null!==e.closest("tbody"))} onFocusOut=${()=>o(!1)}>
      <${fa} requests=${_} filtered=${[...Vt.value.query.keys()].some(e=>"sort"!==e)} />
      ${_.length>0&&nt`<p class="hint">
        The newest ${Bt(_.length,"request")}; one appears when it has ended. Failed and rejected ones are kept apart from the
        others, so that no rush of successes hides them.
        ${_.length===pa&&e===pa&&nt`
          ${" "}<button type="button" class="quiet" onClick=${()=>t(ha)}>Show up to ${ha}</button>`}
      </p>`}
    </div>`}function va({stopped:e,pointed:t,onStop:n}){return nt`
    <div class="liveness">
      <span role="status">
        ${e?nt`<${Qt} kind="notice">held<//>`:t?nt`<${Qt} kind="notice">held while you are at a row<//>`:nt`<${Qt} kind="good">live<//>`}
      </span>
      <button type="button" onClick=${n}>${e?"Go on":"Hold"}</button>
    </div>`}function _a(){return nt`
    <p class="card empty">No requests are kept: the configuration has <code>console.requests: 0</code>. A number there, such as 300, is
      how many each thread keeps of those that went well, and as many of those that failed or were rejected.</p>`}function ga({story:{attempts:e,attemptsLeftOut:t=0,durationMs:n}}){const i=e.length-1,l=e.map((e,l)=>({...e,number:l+1+(l===i?t:0),durationMs:n}));return nt`
    <section class="card attempts" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Attempts</h2>
      <${Mn} caption="Attempts" columns=${ya} rows=${l} keyOf=${({number:e})=>String(e)} />
      ${t>0&&nt`<p class="hint">${t} between the last one and those before it are not kept.</p>`}
    </section>`}const ya=[{name:"number",title:"No.",cell:({number:e})=>e},{name:"target",title:"Target",cell:({target:e})=>void 0===e?At:ra(e)},{name:"kind",title:"Kind",minor:!0,cell:({kind:e})=>e},{name:"result",title:"Result",cell:function({answered:e,ended:t,failure:n,status:i}){return void 0!==n?nt`<${Qt} kind="critical">${void 0===i?n:`${i}, then ${n}`}<//>`:void 0!==i?nt`<${Qt} kind=${oa({status:i})}>${i}<//>`:nt`<${Qt} kind="off">${void 0===t||void 0===e?"given up":"answered"}<//>`}},{name:"started",title:"Began after",number:!0,minor:!0,cell:({started:e})=>ua(e)},{name:"answered",title:"Headers after",number:!0,minor:!0,hint:"From its start to those of the response",cell:function({started:e,answered:t}){return void 0===t?At:ua(t-e)}},{name:"took",title:"Took",number:!0,minor:!0,cell:function({started:e,ended:t,durationMs:n}){return ua((t??n)-e)}}];function ba({story:e}){const{time:t,durationMs:n,upstreamMs:i,clientIp:l,protocol:o,route:s,policy:r,fault:a,upstream:u}=e,{bytesIn:c,bytesOut:d,generation:f,thread:p,traceId:h}=e,m=ua(n),$=[["Began",nt`${Ht(t)}, <${hn} time=${t} />`],["Took",void 0===i?m:`${m}, ${ua(i)} of it upstream`],["Client",l],["Protocol",o],["Route",void 0===s?"none":nt`<a href=${Yt("routes",{},s)}>${s}</a>`],["Upstream",void 0===u?void 0:nt`<a href=${Yt("upstreams",{},u)}>${u}</a>`],["Refused by",r],["Fault of",a],["Request body",Nt(c)],["Response body",void 0===d?void 0:Nt(d)],["Generation",f],["Thread",p],["Trace",void 0===h?void 0:nt`<span class="mono">${h}</span>`]];return nt`
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl class="pairs short">
        ${$.filter(([,e])=>void 0!==e).map(([e,t])=>nt`<dt key=${e}>${e}</dt><dd>${t}</dd>`)}
      </dl>
    </section>`}const wa={passed:["good","passed"],refused:["warning","refused it"],after:["off","after the refusal"],unknown:["off","not known"]},ka=[{name:"policy",title:"Policy",cell:({name:e})=>e},{name:"plugin",title:"Plugin",minor:!0,cell:({plugin:e})=>nt`<span class="dim">${e}</span>`},{name:"verdict",title:"Verdict",cell:function({verdict:e="unknown"}){const[t,n]=wa[e];return nt`<${Qt} kind=${t}>${n}<//>`}}];function xa({policies:e}){return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Mn} caption="Policies" columns=${ka} rows=${e} keyOf=${({name:e})=>e} />
      <p class="hint">In running order, by the configuration that served the request.</p>
    </section>`}const Sa={request:"Whole request",before:"Before the first attempt",send:"Send the request",wait:"Wait for the response",receive:"Receive the response",pause:"Pause before the retry",after:"After the last attempt"};function Ta({story:e}){const{durationMs:t,spans:n}=e;return 1===n.length?null:nt`
    <section class="card" aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">Where the time went</h2>
      <div class="scroll" role="group" aria-label="Parts of the request" tabindex="0">
        <table class="waterfall">
          <caption class="hidden">Parts of the request</caption>
          <thead><tr>
            <th scope="col">Part</th>
            <th scope="col" class="number minor">Began after</th>
            <th scope="col" class="number">Took</th>
            <th scope="col"><span class="axis"><i>0</i><i>${ua(t/2)}</i><i>${ua(t)}</i></span></th>
          </tr></thead>
          <tbody>${function({spans:e,attempts:t,attemptsLeftOut:n=0}){const i=Math.max(...e.map(({start:e,duration:t})=>e+t)),l=e=>0===i?0:Math.round(e/i*1e5)/1e3;return e.map(({name:e,level:i,start:o,duration:s,attempt:r})=>{const a=t[r],u=r+1+(r===t.length-1?n:0);return{label:Sa[e]??`Attempt ${u}${void 0===a.target?"":` at ${ra(a.target)}`}`,level:i,start:o,duration:s,left:l(o),width:l(s),tone:0===i?"whole":"attempt"===e?void 0===a.failure?"attempt":"failed":2===i?"part":"own"}})}(e).map((e,t)=>nt`<${Ma} key=${t} ...${e} />`)}</tbody>
        </table>
      </div>
    </section>`}function Ma({label:e,level:t,start:n,duration:i,left:l,width:o,tone:s}){return nt`
    <tr>
      <th scope="row" class=${`level-${t}`}>${e}</th>
      <td class="number minor">${ua(n)}</td>
      <td class="number">${ua(i)}</td>
      <td><span class="track"><i class=${s} style=${{left:`min(${l}%, 100% - 2px)`,width:`${o}%`}}></i></span></td>
    </tr>`}function Pa({id:e}){const{value:t,problem:n}=rn(`/requests/${encodeURIComponent(e)}`);if(404===n?.status)return nt`<${Ra} problem=${n} />`;if(void 0===t)return nt`<${on} problem=${n} />`;if(void 0===t.spans)return nt`<${Ra} problem=${{message:""}} />`;const{attempts:i,policies:l}=t;return nt`
    <div class="columns">
      <div>
        <${qa} story=${t} />
        ${l.length>0&&nt`<${xa} policies=${l} />`}
        ${i.length>0&&nt`<${ga} story=${t} />`}
      </div>
      <${ba} story=${t} />
    </div>
    <${Ta} story=${t} />`}function qa({story:e}){const{method:t="",words:n,reason:i,help:l,traceUrl:o}=e;return nt`
    <section class="card told" aria-labelledby="told-title">
      <h2 id="told-title" class="break">
        <${Qt} kind=${oa(e)}>${sa(e)}<//> <span class="mono">${t} ${aa(e)}</span>
      </h2>
      <ol>${n.map((e,t)=>nt`<li key=${t}>${e}</li>`)}</ol>
      ${void 0!==l&&nt`<p><b>${i}</b>: ${l.split("`").map(Ca)}</p>`}
      <p class="links">
        <${Ea} story=${e} />
        ${void 0!==o&&nt`<a href=${o} target="_blank" rel="noreferrer">Open its trace</a>`}
      </p>
    </section>`}function Ca(e,t){return t%2==0?e:nt`<code key=${t}>${e}</code>`}function Ea({story:e}){const{method:t,clientIp:n}=e,i=aa(e);if(void 0===t||void 0===i||/…|\[redacted\]/.test(t+i))return null;return nt`<a href=${Yt("explain",{method:t,url:i,ip:"[redacted]"===n?void 0:n})}>Explain this request</a>`}function Ra({problem:{message:e}}){return nt`
    <div class="card">
      <p>
        <${Qt} kind="off">The gateway keeps no request with this id${/; thread .*$/.exec(e)?.[0]}.<//>
      </p>
      <p class="hint">
        Each thread keeps its last requests: <code>console.requests</code> says how many. Later ones replace them, and a restart forgets
        them. <a href=${Yt("requests")}>Show those that are kept</a>
      </p>
    </div>`}function Oa({errors:e}){if(void 0===e)return nt`<span class="dim">${At}</span>`;const{share:t,fault:n,words:i}=e;return void 0===n?Wt(0):nt`<span class="errors" title=${i}><${Aa} fault=${n} /> <span class="share">${Wt(t)}</span></span>`}function Aa({fault:e}){return"client"===e?nt`<span class="dim">client</span>`:nt`<${Qt} kind="warning">${e}<//>`}function Da(e,t){return e>=500&&void 0!==t?"upstream":void 0}function ja({name:e}){const{value:t,problem:n}=rn(`/requests?${new URLSearchParams({route:e,status:"4xx,5xx",limit:"500"})}`,{every:3e3});return 404===n?.status?null:nt`
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Rejected and failed</h2>
      ${void 0===t?nt`<${on} problem=${n} />`:nt`
        <${Mn} caption="Rejected and failed requests by reason" columns=${La(e)} rows=${function(e){const t=new Map;for(const{reason:n,status:i,fault:l,policy:o,upstream:s,time:r,id:a}of e){const e=n??`status ${i} of the ${void 0===s?"route":"upstream"}`,u=`${e} ${o}`,c=t.get(u);void 0!==c?c.count++:t.set(u,{key:u,text:e,reason:n,status:i,policy:o,count:1,last:r,id:a,fault:l??Da(i,s)})}return[...t.values()]}(t.requests)}
          keyOf=${({key:e})=>e} empty="None of the last requests was rejected or has failed." />
        ${t.requests.length>0&&nt`<p class="hint">Of the requests that the gateway still keeps.</p>`}`}
    </section>`}const La=e=>[{name:"reason",title:"Reason",cell:({text:t,reason:n,status:i})=>nt`
      <a href=${Yt("requests",{route:e,reason:n,status:void 0===n?i:void 0})}>${t}</a>`},{name:"by",title:"Fault",cell:Na},{name:"count",title:"Requests",number:!0,by:({count:e})=>e,cell:({count:e})=>e},{name:"newest",title:"Last one",number:!0,by:({last:e})=>e,cell:Wa}];function Na({fault:e,policy:t}){return nt`
    ${void 0===e?nt`<span class="dim">none</span>`:nt`<${Aa} fault=${e} />`}
    ${void 0!==t&&nt`, rejected by <span class="tag">${t}</span>`}`}function Wa({last:e,id:t}){return nt`<a href=${Yt("requests",{},t)}><${hn} time=${e} /></a>`}const Ia=[{name:"request",title:"Request",cell:function({id:e,method:t="",path:n=e}){return nt`<a class="break" href=${Yt("requests",{},e)}>${t} ${n}</a>`}},{name:"status",title:"Status",cell:function({reason:e,...t}){return nt`
    <${Qt} kind=${oa(t)}>${sa(t)}<//>${void 0!==e&&nt` <small class="dim">${e}</small>`}`}},{name:"took",title:"Took",number:!0,cell:({durationMs:e})=>Lt(e)},{name:"time",title:"When",number:!0,cell:({time:e})=>nt`<${hn} time=${e} />`}];function Ua({name:e}){const{value:t,problem:n}=rn(`/requests?${new URLSearchParams({route:e,limit:"8"})}`,{every:2e3});return nt`
    <section class="card" aria-labelledby="last-title">
      <h2 id="last-title">Last requests</h2>
      ${404===n?.status?nt`<p class="empty">The gateway keeps no requests: <code>console.requests</code> is 0.</p>`:void 0===t?nt`<${on} problem=${n} />`:nt`
          <${Mn} caption="Last requests" columns=${Ia} rows=${t.requests} keyOf=${({id:e})=>e} empty="There was none yet." />
          <p><a href=${Yt("requests",{route:e})}>Show all that are kept</a></p>`}
    </section>`}const za=mt("policies"),Ha=[{name:"policy",title:"Policy",cell:function({policy:e,step:t,total:n}){const i=n?.limited>0?nt`<a href=${Yt("limits",{filter:e})}>${e}</a>`:e;return nt`<span class="dim">${t}.</span> ${i}`}},{name:"now",title:"Rejects",number:!0,hint:"In the last ten seconds",cell:function({limited:e,refused:t}){return void 0===e?At:nt`${Dt(e+t)}<span class="unit">/s</span>`}},{name:"limited",title:"Limited",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)},{name:"refused",title:"Refused",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.refused)}];function Fa({chain:e}){const t=e.map((e,t)=>({policy:e,step:t+1,...za.value[e]}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Mn} caption="Policies in running order" columns=${Ha} rows=${t} keyOf=${({policy:e})=>e}
        empty="Requests of this route pass no policy." />
      ${t.length>0&&nt`
        <p class="hint">A request passes them in this order. The figures are those of all routes with the policy.</p>`}
    </section>`}const Ba="(none)",Ga="requests that no route served";function Va(){let e=new Map;return(t,n)=>{const i=e,l=new Map;return e=new Map,[...t,void 0].map(t=>{const o=t?.name??Ba,s=(l.get(o)??0)+1;l.set(o,s);const r=`${o} ${s}`,a=n[o],u=i.get(r),c=void 0!==u&&u.route===t&&u.figures===a?u:function(e,t,n,i,l){const o=n&&Ka(n);return{id:e,name:t,route:n,figures:i,served:o,errors:Za(i),order:i&&Ja(l,i.rate),search:void 0===n?`${t} ${Ga}`:Ya(n,o)}}(r,o,t,a,u?.order);return e.set(r,c),c})}}function Ya({name:e,path:t,methods:n,host:i,chain:l},{upstreams:o,text:s}){return[e,t,n,i,s,o.map(e=>e.name),l].flat().filter(Boolean).join(" ")}function Ja(e,t){return void 0!==e&&Math.abs(t-e)<=e/10?e:t}function Ka({upstream:e,target:t,split:n,respond:i,redirect:l,plugin:o}){const s=e??t;if(void 0!==s)return{upstreams:[{name:s}]};if(void 0!==n){const e=n.reduce((e,{weight:t})=>e+t,0);return{upstreams:n.map(({upstream:t,weight:n})=>({name:t,share:0===e?0:n/e}))}}return{upstreams:[],text:void 0!==i?`responds ${i.status??200}`:void 0!==l?`redirects to ${l.to}`:void 0!==o?`plugin ${o}`:"a plugin"}}function Za(e){if(void 0===e||0===e.rate)return;const t=Object.entries(e.errors).filter(([,e])=>e>0).toSorted(([,e],[,t])=>t-e),n=t.reduce((e,[,t])=>e+t,0);return{share:Math.min(1,n/e.rate),fault:t[0]?.[0],words:t.map(([e,t])=>`${e} ${Dt(t)}/s`).join(", ")}}function Xa({upstreams:e,text:t}){return 0===e.length?nt`<span class="dim break">${t}</span>`:e.map(({name:e,share:t},n)=>nt`
    ${n>0&&", "}<a key=${e} class="break" href=${Yt("upstreams",{},e)}>${e}</a>
    ${void 0!==t&&nt` <span class="dim part">${Wt(t)}</span>`}`)}function Qa({route:e}){const{path:t,methods:n=[],host:i,place:l,plugin:o,priority:s}=e;return nt`
    <section class="card" aria-label="Route">
      <dl class="pairs">
        <dt>Path</dt><dd><code>${t}</code></dd>
        <dt>Methods</dt>
        <dd>${0===n.length?"any":n.map(e=>nt`<span key=${e} class="tag">${e}</span> `)}</dd>
        ${void 0!==i&&nt`<dt>Host</dt><dd>${[i].flat().join(", ")}</dd>`}
        <dt>Served by</dt><dd><${Xa} ...${Ka(e)} /></dd>
        ${void 0!==s&&nt`<dt>Priority</dt><dd>${s}</dd>`}
        ${void 0!==l&&nt`<dt>Written in</dt><dd><code>${l}</code></dd>`}
        ${void 0!==o&&nt`<dt>Added by</dt><dd>${o}</dd>`}
      </dl>
      <p><a href=${Yt("explain",function({path:e,methods:t=["GET"],host:n}){const i=e.replace(/\*$/,"1").replaceAll("::","\0").replaceAll(/:\w+(?:\([^)]*\))?/g,"1").replaceAll("\0",":"),[l]=[n??[]].flat();return{method:t[0],url:i,header:void 0===l?void 0:`host: ${l.replace(/^\*/,"www")}`}}(e))}>Explain a request to this route</a></p>
    </section>`}const eu=mt("routes");function tu({name:e}){const t=eu.value[e];if(void 0===t)return null;const{rate:n,p50:i,p95:l,lastRequest:o,total:s}=t,r=Za(t),a=[r?.words,`${Dt(s.errors)} in all`].filter(Boolean).join(", ");return nt`
    <dl class="tiles" aria-label="Figures of the last ten seconds">
      <${Xr} name="Requests" value=${Dt(n)} unit="/s" detail=${`${Dt(s.requests)} in all`} />
      <${Xr} name="Errors" value=${Wt(r?.share)} detail=${a} />
      <${Xr} name="Median" value=${Lt(i)} detail=${`95th percentile: ${Lt(l)}`} />
      <${Xr} name="Limited" value=${Dt(s.limited)} detail="by rate limits, since the start" />
      <${Xr} name="Refused" value=${Dt(s.refused)} detail="by other policies, since the start" />
      <${Xr} name="Last request" value=${null===o?At:nt`<${hn} time=${o} />`} />
    </dl>`}function nu({name:e}){const{value:t}=rn(`/routes?${new URLSearchParams({name:e,format:"yaml"})}`,{after:ct.value?.generation});return void 0===t?null:nt`
    <section class="card" aria-labelledby="written-title">
      <h2 id="written-title">Configuration</h2>
      <${un} text=${t} kind="yaml" label="The route as it would be written, with all defaults" />
    </section>`}function iu({name:e}){return e===Ba?nt`<${ou} />`:nt`<${lu} name=${e} />`}function lu({name:e}){const t=ct.value?.generation,n=void 0===t?void 0:`/routes?${new URLSearchParams({name:e})}`,{value:i,problem:l}=rn(n,{after:t});return void 0===i?nt`<${on} problem=${l} />`:0===i.length?nt`
    <p class="card empty">The configuration has no route with this name. <a href=${Yt("routes")}>Show all routes</a></p>`:nt`
    ${i.length>1&&nt`
      <p class="card empty">${i.length} routes have this name: their requests are counted together. Give each a name of its own.</p>`}
    <${tu} name=${e} />
    <div class="columns route">
      <div>
        ${i.map((e,t)=>nt`<${Qa} key=${t} route=${e} />`)}
        ${i.some(({plugin:e})=>void 0===e)&&nt`<${nu} name=${e} />`}
      </div>
      <div>
        <${Fa} chain=${i[0].chain} />
        <${ja} name=${e} />
        <${Ua} name=${e} />
      </div>
    </div>`}function ou(){return nt`
    <p class="card empty">
      No route of the configuration served these requests: none fits their path, method, host or conditions, or the gateway rejected
      them before it chose one.
    </p>
    <${tu} name=${Ba} />
    <div class="columns route"><${ja} name=${Ba} /><${Ua} name=${Ba} /></div>`}const su=(e,t,n,i,l={})=>({name:e,title:t,number:!0,by:({route:e,figures:t})=>e&&t&&n(t),cell:({figures:e})=>i(e&&n(e)),...l}),ru=(e,t,n,i,l={})=>({name:e,title:t,by:e=>e.route&&n(e),cell:i,...l}),au=e=>e>0?Dt(e):nt`<span class="dim">${Dt(e)}</span>`,uu=nt`<span class="dim">${At}</span>`,cu=e=>null==e?uu:Lt(e),du="since the start of the gateway",fu=[ru("route","Route",({name:e})=>e,function({name:e,route:t}){const{path:n,methods:i=[],host:l,priority:o="normal"}=t??{};return nt`
    <a class="break" href=${Yt("routes",{},e)}>${e}</a>
    ${i.map(e=>nt` <span key=${e} class="tag">${e}</span>`)}
    ${"normal"!==o&&nt` <span class="tag">${o} priority</span>`}
    <${hu} path=${n===e?void 0:n} host=${l} />
    ${void 0===t&&nt`<small>${Ga}</small>`}`}),ru("served","Served by",({served:{upstreams:e,text:t}})=>e[0]?.name??t,function({served:e}){return void 0===e?nt`<span class="dim">no route</span>`:nt`<${Xa} ...${e} />`},{minor:!0}),{name:"rate",title:"Rate",number:!0,hint:"Requests per second in the last ten seconds",by:({route:e,order:t})=>e&&t,cell:({figures:e})=>void 0===e?uu:nt`${Dt(e.rate)}<span class="unit">/s</span>`},{name:"errors",title:"Errors",number:!0,hint:"The part of the requests of the last ten seconds that failed, and whose fault most of that is",by:({route:e,errors:t})=>e&&t?.share,cell:({errors:e})=>nt`<${Oa} errors=${e} />`},su("p50","Median",({p50:e})=>e,cu,{minor:!0,hint:"In the last ten seconds"}),su("p95","95th",({p95:e})=>e,cu,{hint:"95th percentile, in the last ten seconds"}),su("last","Last request",({lastRequest:e})=>e,e=>null==e?uu:nt`<${hn} time=${e} />`,{minor:!0}),su("limited","Limited",({total:e})=>e.limited,au,{minor:!0,hint:`By rate limits, ${du}`}),su("refused","Refused",({total:e})=>e.refused,au,{minor:!0,hint:`By other policies, ${du}`}),ru("policies","Policies",({route:e})=>e.policies.join(" ")||void 0,function({route:e}){const{policies:t=[]}=e??{};return 0===t.length?uu:t.map(e=>nt`<span key=${e} class="tag">${e}</span> `)},{minor:!0})];function pu({rows:e,empty:t}){return nt`<${Mn} caption="Routes" columns=${fu} rows=${e} keyOf=${({id:e})=>e} sort="-rate" empty=${t} />`}function hu({path:e,host:t}){const n=[e,void 0===t?void 0:`at ${[t].flat().join(", ")}`].filter(Boolean);return n.length>0&&nt`<small class="break">${n.join(" ")}</small>`}const mu=mt("routes");function $u(){const e=ct.value?.generation,{value:t,problem:n}=rn(void 0===e?void 0:"/routes",{after:e}),i=ae(Va,[]);if(void 0===t)return nt`<${on} problem=${n} />`;const l=Vt.value.query.get("filter")??"",o=i(t,mu.value).filter(({search:e})=>dn(l,e)),s=o.filter(({route:e})=>void 0!==e).length;return nt`
    <div class="tools">
      <${cn} name="filter" label="Path, method, upstream or policy" />
      <span class="count" role="status">${s===t.length?"":`${s} of `}${Bt(t.length,"route")}</span>
    </div>
    <div class="card routes"><${pu} rows=${o} empty="No route fits the filter." /></div>`}const vu=[{name:"overview",title:"Overview",View:function({links:e}){return nt`<${Kr} links=${e} /><${ea} /><${Br} />`}},{name:"routes",title:"Routes",View:function({item:e}){return""===e?nt`<${$u} />`:nt`<${iu} name=${e} />`},items:!0},{name:"limits",title:"Limits",View:function(){const{value:e,problem:t,again:n}=rn("/limits",{every:1e3}),[i,l]=oe([]),[o,s]=oe();if(se(()=>{void 0!==e&&l(t=>function(e,t,n){const i=t.flatMap(({policy:e,algorithm:t,limited:i})=>i.map(({retryAfterMs:i,resetMs:l,...o})=>({...o,id:Di(e,o),policy:e,resettable:"concurrency"!==t,limited:!0,seen:n,freeAt:void 0===i?void 0:n+i,fullAt:void 0===l?void 0:n+l}))),l=new Set(i.map(({id:e})=>e)),o=e.filter(({id:e,seen:t})=>!l.has(e)&&t>n-3e4);return[...i,...o.map(e=>e.limited?{...e,limited:!1}:e)].slice(0,500)}(t,e,ut.peek()))},[e]),404===t?.status)return nt`<p class="card empty">The configuration has no rate-limiting policy in use.</p>`;if(void 0===e)return nt`<${on} problem=${t} />`;const r=Vt.value.query.get("filter")??"",a=i.filter(({policy:e,key:t,tier:n=""})=>dn(r,e,t,n));return nt`
    <${Ri} policies=${e} />
    <section class="card" aria-labelledby="limited-title">
      <h2 id="limited-title">Limited keys</h2>
      <div class="tools inside">
        <${cn} name="filter" label="Policy or key" />
        <span class="count" role="status">${Bt(a.filter(({limited:e})=>e).length,"key")} limited now</span>
      </div>
      <${xi} rows=${a} onReset=${s} />
      <p class="hint">
        A key stays in the list for half a minute after it was limited. The gateway lists 100 at most, the longest wait first.
      </p>
    </section>
    ${void 0!==o&&nt`<${ji} row=${o} onClose=${()=>{s(void 0),n()}} />`}`}},{name:"requests",title:"Requests",View:function({item:e}){return""===e?nt`<${$a} />`:nt`<${Pa} id=${e} />`},items:!0},{name:"explain",title:"Explain",View:function({links:e}){const{query:t}=Vt.value,n=t.toString(),[i,l]=oe(()=>Gn(t)),[o,s]=oe({}),r=re(void 0),a=re(void 0),u=async e=>{a.current=e;const t=await async function(e){try{return{asked:e,rehearsal:await lt("/explain",{method:"POST",body:Vn(e)}),at:ut.peek()}}catch(t){return 401===t.status&&Et(),{asked:e,problem:t}}}(e);a.current===e&&s(t)};se(()=>{if(r.current===n)return;const e=Gn(t);l(e),s({}),""!==e.url&&u(e)},[n]);const{problem:c,rehearsal:d}=o,f=function(e){const[,t,n]=400===e?.status?/^`(method|url|ip|header)` (.*)/.exec(e.message)??[]:[];return void 0===t?void 0:{name:t,text:`It ${n}.`}}(c);return nt`
    <${bi} form=${i} wrong=${f} onChange=${e=>l({...i,...e})} onSubmit=${()=>{Jt(function(e){const{method:t,url:n,ip:i,headers:l,withSecrets:o}=e,s=o?[]:Jn(e);return{method:t,url:s.includes(Yn)?n.split("?")[0].replace(/\/\/[^/]*@/,"//"):n,ip:i,header:Kn(l).filter(e=>o||!Qn(e)).join("\n"),without:s.join(", ")}}(i)),r.current=Vt.peek().query.toString(),u(i)}} />
    ${void 0!==c&&void 0===f&&nt`<div class="card"><${on} problem=${function(e){return 503===e.status?{status:503,message:"Too many rehearsals wait. The gateway makes one at a time: explain again in a moment."}:e}(c)} /></div>`}
    ${void 0!==d&&nt`<${fi} answer=${o} links=${e} again=${()=>u(o.asked)} />`}`}},{name:"configuration",title:"Configuration",View:function({item:e}){const{generation:t,lastReload:n}=ct.value??{},i=[t,n?.at,ft.value?.at(-1)?.time].join(),{value:l,problem:o,again:s}=rn("/reloads",{after:i});return void 0===l?nt`<${on} problem=${o} />`:""!==e?nt`<${Wn} records=${l.reloads} number=${Number(e)} again=${s} />`:nt`
    <${An} />
    <${Un} known=${l} again=${s} />
    <${Rn} records=${l.reloads} />
    <${pn} path="/config?format=yaml" after=${t} title="Effective configuration" />`},items:!0}],_u=mt("threads"),gu=vu.map(({name:e})=>e);function yu(e){e.preventDefault(),document.getElementById("main").focus()}function bu(){const{host:e}=at.value??{};return se(()=>{document.title=void 0===e?"Onedoor":`${e} · Onedoor`},[e]),nt`<p class="name"><strong>Onedoor</strong> ${e}</p>`}function wu(){const{startedAt:e,version:t}=at.value??{},{generation:n}=ct.value??{},i=Object.keys(_u.value).length;return nt`
    <dl class="facts">
      <div><dt>State</dt><dd><${ku} /></dd></div>
      ${void 0!==n&&nt`<div><dt>Generation</dt><dd>${n}</dd></div>`}
      ${void 0!==e&&nt`<div><dt>Uptime</dt><dd>${Ut(ut.value-e)}</dd></div>`}
      ${void 0!==n&&nt`<div><dt>Threads</dt><dd>${Math.max(1,i)}</dd></div>`}
      ${void 0!==t&&nt`<div class="minor"><dt>Version</dt><dd>${t}</dd></div>`}
    </dl>`}function ku(){const{status:e,lastReload:t}=ct.value??{};return"lost"===$t.value?nt`<${Qt} kind="critical">not reached<//>`:void 0===e?nt`<${Qt} kind="off">connecting<//>`:"ready"!==e?nt`<${Qt} kind="warning">${e}<//>`:!1===t?.ok?nt`<${Qt} kind="warning">serving, last reload refused<//>`:nt`<${Qt} kind="good">serving<//>`}function xu(){const{by:e,role:t}=qt.value;return void 0===t?null:nt`
    <p class="who">
      <span title="What you may do here">${"operate"===t?"may operate":"may look"}</span>
      ${"session"===e&&nt`<button type="button" class="quiet" onClick=${Rt}>Log out</button>`}
    </p>`}function Su({current:e}){const t=re(null);return se(()=>t.current.querySelector("[aria-current]").scrollIntoView({block:"nearest",inline:"center"}),[e]),nt`
    <nav aria-label="Views" ref=${t}>
      <ul>
        ${vu.map(({name:t,title:n})=>nt`
          <li key=${t}><a href=${Yt(t)} aria-current=${t===e?"page":void 0}>${n}</a></li>`)}
      </ul>
    </nav>`}function Tu(){const e=vt.value,t="lost"===$t.value;return nt`
    <div role="status" class="freshness">
      ${(e>0||t)&&nt`<p class="stale">
        <${Qt} kind="warning">${t?"No connection to the gateway; trying again.":"The gateway is silent."}<//>
        ${e>0&&nt` <span aria-hidden="true">The data is ${Bt(e,"second")} old.</span>`}
      </p>`}
    </div>`}function Mu({view:{name:e,title:t,View:n},item:i}){const l=re(null);return se(()=>{scrollTo(0,0),document.activeElement!==document.body&&l.current?.focus({preventScroll:!0})},[]),nt`
    <main id="main" tabindex="-1" ref=${l} class=${vt.value>0?"old":void 0}>
      <h1>${""===i?t:nt`<a href=${Yt(e)}>${t}</a> <span class="item">${i}</span>`}</h1>
      <${n} links=${gu} item=${i} />
    </main>`}!function(t,n){var i,l,o,s;e.__&&e.__(t,n),9==n.nodeType&&(n=n.documentElement),l=(i=t&&32&t.__u)?null:n.__k,n.__k=y(b,{children:[t]}),o=[],s=[],O(n,n.__k,l||f,f,n.namespaceURI,l?null:n.firstChild?$.call(n.childNodes):null,o,l?l.__e:n.firstChild,i,s),j(o,n.__k,s),n.__k.props.children=null}(nt`<${function(){const{state:e}=qt.value;if("out"===e)return nt`<${Gt} />`;const t=vu.find(({name:e})=>e===Vt.value.view)??vu[0],n=!0===t.items?Vt.value.item:"";return nt`
    <a class="skip" href="#main" onClick=${yu}>Skip to the content</a>
    <header class="top">
      <${bu} />
      <${wu} />
      <${xu} />
    </header>
    <${Su} current=${t.name} />
    <${Tu} />
    <${Mu} view=${t} item=${n} key=${`${t.name}/${n}`} />
    <${ln} />`}} />`,document.getElementById("console")),Et();
