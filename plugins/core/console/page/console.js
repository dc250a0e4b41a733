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
var e,t,n,i,l,o,s,r,a,u,c,d=Symbol.for("pv"),f={},p=[],h=/^m(i|n|o|s|text|space)$/,m=Array.isArray,$=p.slice,v=Object.assign;function _(e){e&&e.parentNode&&e.remove()}function g(e,t,n){var i,l,o,s={},r=arguments.length;for(o in t)"key"==o?i=t[o]:"ref"==o&&"function"!=typeof e?l=t[o]:s[o]=t[o];return r>2&&(s.children=r>3?$.call(arguments,2):n),y(e,s,i,l,null)}function y(n,i,l,o,s){var r={type:n,props:i,key:l,ref:o,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:s||++t,__i:-1,__u:0};return!s&&e.vnode&&e.vnode(r),r}function b(e){return e.children}function w(e,t){this.props=e,this.context=t,this.__g=0}function k(e,t){if(null==t)return e.__&&k(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return"function"!=typeof e.type||e.props.__P?null:k(e)}function x(t){var n,i=t.__v,l=i.__e,o=[],s=[],r=t.__P;r&&((n=v({constructor:d},i)).__v=i.__v+1,e.vnode&&e.vnode(n),O(r,n,i,t.__n,r.namespaceURI,32&i.__u?[l]:null,o,l||k(i),32&i.__u,s),n.__v=i.__v,n.__.__k[n.__i]=n,j(o,n,s),i.__=i.__e=null,n.__e!=l&&S(n))}function S(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),S(e)}function T(t){(8&t.__g||(t.__g|=8,i.push(t),o++))&&l==e.debounceRendering||((l=e.debounceRendering)||queueMicrotask)(M)}function M(){try{for(var e,t=1;i.length;)i.length>t&&i.sort(s),e=i.shift(),t=i.length,8&e.__g&&x(e)}finally{(o=i.length)&&(l||queueMicrotask)(M)}}function P(e,t,n,i,l,o,s,r,a,u,c){var h,$,v,_,g,w,x=i.__k||p,S=t.length;for(a=function(e,t,n,i,l){var o,s,r,a,u,c,f,p,h,$=n.length,v=$,_=0,g=0,w=e.__k=Array(l);for(o=0;o<l;o++)null!=(s=t[o])&&"boolean"!=typeof s&&"function"!=typeof s?("object"!=typeof s||s.constructor===String?s=w[o]=y(null,s):m(s)?s=w[o]=y(b,{children:s}):s.constructor===d&&s.__b?s=w[o]=y(s.type,s.props,s.key,s.ref,s.__v):w[o]=s,a=o+_,s.__=e,s.__b=e.__b+1,r=null,~(u=s.__i=C(s,n,a,v))&&(v--,(r=n[u])&&(r.__u|=2)),r&&r.__v?(s.__u|=16,u==a-1?_--:u==a+1?_++:u!=a&&(u>a?_--:_++,g=1)):(~u||(l>$?_--:l<$&&_++),"function"!=typeof s.type&&(s.__u|=4))):w[o]=null;if(g){for(c=[],f=[],o=0;o<l;o++)if((s=w[o])&&16&s.__u){for(_=0,p=c.length;_<p;)c[h=_+p>>1]<s.__i?_=h+1:p=h;c[_]=s.__i,f[o]=_+1}for(_=c.length;o--;)f[o]&&(f[o]==_?_--:w[o].__u|=4)}if(v)for(o=0;o<$;o++)!(r=n[o])||2&r.__u||(r.__e==i&&(i=k(r)),W(r,r));return i}(n,t,x,a,S),h=0;h<S;h++)null!=(v=n.__k[h])&&($=~v.__i&&x[v.__i]||f,v.__i=h,w=O(e,v,$,l,o,s,r,a,u,c),_=v.__e,($.ref!=v.ref||8&$.__u)&&($.ref&&N($.ref,null,v,$),v.ref&&c.push(v.ref,v.__c||_,v)),g=g||_,4&v.__u?(a=q(v,a,e,!$.__v),$.__e&&($.__e=null)):"function"==typeof v.type&&void 0!==w?a=w:_&&(a=_.nextSibling),v.__u&=-21);return n.__e=g,a}function q(e,t,n,i){var l,o,s,r;if("function"==typeof e.type){if(e.props.__P)return t;if(l=e.__k)for(o=0;o<l.length;o++)l[o]&&(l[o].__=e,t=q(l[o],t,n,!1));return t}for(t&&!t.parentNode&&(t=k(e))&&!t.parentNode&&(t=null),s=e.__e,r=t;r&&8==r.nodeType;)r=r.nextSibling;for(s!=r&&(!i&&n.moveBefore&&s.parentNode?n.moveBefore(s,t):n.insertBefore(s,t||null)),t=s;(t=t&&t.nextSibling)&&8==t.nodeType&&!t.data.startsWith("$s"););return t}function C(e,t,n,i){var l,o=e.key,s=e.type,r=t[n],a=r&&!(2&r.__u);if(null===r&&null==o||a&&o==r.key&&s==r.type)return n;if(i>(a?1:0)){for(l=n-1;l>=0;l--)if((r=t[l])&&!(2&r.__u)&&o==r.key&&s==r.type)return l;for(l=n+1;l<t.length;l++)if((r=t[l])&&!(2&r.__u)&&o==r.key&&s==r.type)return l}return-1}function E(e,t,n){null==n&&(n=""),"-"==t[0]?e.setProperty(t,n):e[t]=n}function R(t,n,i,l,o){var s,d;if("style"==n)if("string"==typeof i)t.style.cssText=i;else{if("string"==typeof l&&(t.style.cssText=l=""),l)for(n in l)i&&n in i||E(t.style,n);if(i)for(n in i)l&&i[n]==l[n]||E(t.style,n,i[n])}else if("o"==n[0]&&"n"==n[1])"function"!=typeof i&&(i=null),"function"!=typeof l&&(l=null),(t.__e||(t.__e={}))[n]=i,i&&l||(d=c[n]||(c[n]=function(t){return function(n){var i=this.__e;if(i){if(i=i[t],null==n[r])n[r]=u++;else if(n[r]<this.__a[t])return;return i(e.event?e.event(n):n)}}}(n)),(t.__a||(t.__a={}))[n]=u,s=n!=(n=n.replace(a,"$1")),(n=n.slice(2))[0]<"a"&&(n=n.toLowerCase()),i?t.addEventListener(n,d,s):t.removeEventListener(n,d,s));else{if("http://www.w3.org/2000/svg"==o)n=n.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if("width"!=n&&"height"!=n&&"href"!=n&&"list"!=n&&"form"!=n&&"tabIndex"!=n&&"download"!=n&&"rowSpan"!=n&&"colSpan"!=n&&"role"!=n&&"popover"!=n&&n in t)try{return void(t[n]=i??"")}catch(t){}if("function"==typeof i)return;null==i||!1===i&&"-"!=n[4]?t.removeAttribute(n):t.setAttribute(n,"popover"==n&&1==i?"":i)}}function O(t,n,i,l,o,s,r,a,u,c){var f,h,$,g,y,x,S,T,M,q,C,E,R,O,j,N,U,z,H=n.type;if(n.constructor!==d)return null;128&i.__u&&(u=32&i.__u,f=i.__c.__z)&&(n.__u|=u,h=s=[],8==f.nodeType?a=A(f,s):s.push(f),a=s[0]||a),(f=e.__b)&&f(n);e:if("function"==typeof H){$=r.length;try{if(T=n.props,M=(f=H.prototype)&&f.render,q=(f=H.contextType)&&l[f.__c],C=f?q?q.props.value:f.__:l,(g=i.__c)?(n.__c=g,2&g.__g&&(g.__g|=1)):(M?n.__c=g=new H(T,C):(n.__c=g=new w(T,C),g.constructor=H,g.render=I),q&&q.sub(g),g.state||(g.state={}),g.__n=l,g.__g|=8,g.__h=[],g.__k=[]),M&&(g.__s||(g.__s=g.state),H.getDerivedStateFromProps&&(g.__s==g.state&&(g.__s=v({},g.__s)),v(g.__s,H.getDerivedStateFromProps(T,g.__s)))),y=g.props,x=g.state,g.__v=n,i.__c){if(T!==y&&M&&!H.getDerivedStateFromProps&&g.componentWillReceiveProps&&g.componentWillReceiveProps(T,C),n.__v==i.__v&&!(8&g.__g)||!(4&g.__g)&&g.shouldComponentUpdate&&!1===g.shouldComponentUpdate(T,g.__s,C)){n.__v!=i.__v&&(g.props=T,g.state=g.__s,g.__g&=-9),n.__e=i.__e,n.__k=i.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(g.__h,g.__k),g.__k=[],g.__h.length&&r.push(g),a=k(i);break e}g.componentWillUpdate&&g.componentWillUpdate(T,g.__s,C),M&&g.componentDidUpdate&&g.__h.push(function(){g.componentDidUpdate(y,x,S)})}else M&&!H.getDerivedStateFromProps&&g.componentWillMount&&g.componentWillMount(),M&&g.componentDidMount&&g.__h.push(g.componentDidMount);g.context=C,g.props=T,g.__P=t,g.__g&=-5,E=e.__r,R=M?25:0;do{g.__g&=-9,E&&E(n),f=g.render(g.props,g.state=g.__s,g.context)}while(8&g.__g&&++R<25);M&&(p.push.apply(g.__h,g.__k),g.__k=[]),g.state=g.__s,g.getChildContext&&(l=v({},l,g.getChildContext())),M&&i.__c&&g.getSnapshotBeforeUpdate&&(S=g.getSnapshotBeforeUpdate(y,x)),O=f&&f.type===b&&null==f.key?f.props.children:f,T.__P&&(f=a,o=(t=T.__P).namespaceURI,u=s=null,i.props&&i.props.__P!=t&&(i.__k.some(function(e){e&&W(e,e)}),i.__k=null),a=i.__k?k(i,0):null),a=P(t,m(O)?O:[O],n,i,l,o,s,r,a,u,c),T.__P&&(n.__e=null,a=f),n.__u&=-161,h&&h.some(_),g.__h.length&&r.push(g),1&g.__g&&(g.__g&=-4)}catch(t){if(r.length=$,n.__v=null,u||s)if(t&&t.then){if(n.__u|=128|u,s){for(~(U=s.indexOf(a||void 0))||(U=s.length);(z=s[U-1])&&8==z.nodeType;)U--;for(;U<s.length;U++)if(z=s[U])if(s[U]=null,j){if(z==N)break}else{if(8!=z.nodeType)break;z.data.startsWith("$s")&&(N=A(j=z))}}if(!j){for(;a&&8==a.nodeType&&a.nextSibling;)a=a.nextSibling;j=a}(f=A(j=n.__c.__z||(n.__c.__z=j)))?(n.__e=j,a=f):n.__e=a,a=a&&a.nextSibling}else s&&s.some(_);else n.__e=i.__e;n.__k||(n.__k=i.__k||[]),t&&t.then||D(n),e.__e(t,n,i)}}else a=n.__e=L(i.__e,n,i,l,o,s,r,u,c,t);return(f=e.diffed)&&f(n),a}function A(e,t){if(e&&8==e.nodeType&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(8==e.nodeType)if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&! --n)return e;t&&t.push(e)}}function D(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(D))}function j(t,n,i){for(var l=0;l<i.length;)N(i[l++],i[l++],i[l++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function L(t,n,i,l,o,s,r,a,u,c){var d,p,v,g,y,b,w,x,S=i.props||f,T=n.props,M=n.type;if("svg"==M?o="http://www.w3.org/2000/svg":"math"==M?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),s)for(d=0;d<s.length;d++)if((y=s[d])&&(M?y.localName==M:3==y.nodeType)){t=y,s[d]=null;break}if(!t){if(x=c.ownerDocument||document,!M)return x.createTextNode(T);t=x.createElementNS(o,M,T.is?T:c),a&&(e.__m&&e.__m(n,s),a=!1),s=null}if(M){if(c="template"==M&&t.content||t,s="textarea"==M&&null!=T.defaultValue?null:s&&$.call(c.childNodes),!a&&s)for(S={},d=0;d<t.attributes.length;d++)S[(y=t.attributes[d]).name]=y.value;for(d in S)y=S[d],"dangerouslySetInnerHTML"==d?v=y:"children"==d||d in T||"value"==d&&"defaultValue"in T||"checked"==d&&"defaultChecked"in T||R(t,d,null,y,o);for(d in T)y=T[d],"children"==d?g=y:"dangerouslySetInnerHTML"==d?p=y:"value"==d?b=y:"checked"==d?w=y:a&&"function"!=typeof y||S[d]===y||R(t,d,y,S[d],o);p?(a||v&&(p.__html==v.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(v&&(t.textContent=""),("foreignObject"==M||"http://www.w3.org/1998/Math/MathML"==o&&h.test(M))&&(o="http://www.w3.org/1999/xhtml"),P(c,m(g)?g:[g],n,i,l,o,s,r,s?s[0]:i.__k&&k(i,0),a,u),s&&s.some(_)),a&&"textarea"!=M||(d="value","progress"==M&&null==b?t.removeAttribute(d):null==b||b===t[d]&&("progress"!=M||b)||R(t,d,b,S[d],o),d="checked",null!=w&&w!=t[d]&&R(t,d,w,S[d],o))}else S===T||a&&t.data==T||(t.data=T);return t}function N(t,n,i,l){try{"function"==typeof t?n?n.__x=t(n)||1:l&&(l=l.__c||l.__e)&&(n=l.__x)&&(l.__x=null,"function"==typeof n?n():t(null)):t.current=n}catch(t){e.__e(t,i)}}function W(t,n,i){var l,o,s,r;if(e.unmount&&e.unmount(t),!(l=t.ref)||l.current&&l.current!=t.__e||N(l,null,n,t),l=t.__c){if(l.componentWillUnmount)try{l.componentWillUnmount()}catch(t){e.__e(t,n)}l.__P=l.__n=null}if(l=t.__k)for(r=0;r<l.length;r++)l[r]&&W(l[r],n,"function"!=typeof t.type||i&&!t.props.__P);!i&&(l=t.__c)&&(l=l.__z)&&(o=A(l,s=[]))&&(l==t.__e&&s.some(_),_(o),_(l)),i||_(t.__e),t.__e=t.__c=t.__=null}function I(e,t,n){return this.constructor(e,n)}e={__e:function(e,t,n,i){for(var l,s,r;t=t.__;)if((l=t.__c)&&!(1&l.__g)){l.__g|=4;try{if((r=(s=l.constructor)&&s.getDerivedStateFromError)&&l.setState(s.getDerivedStateFromError(e)),l.componentDidCatch&&(l.componentDidCatch(e,i||{}),r=1),r&&8&l.__g)return void(l.__g|=2)}catch(t){e=t}}throw o=0,e}},t=0,n=function(e){return null!=e&&e.constructor===d},w.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=v({},this.state)),"function"==typeof e&&(e=e(v({},n),this.props)),e&&(v(n,e),this.__v&&(t&&this.__k.push(t),T(this)))},w.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),T(this))},w.prototype.render=b,i=[],o=0,s=function(e,t){return e.__v.__b-t.__v.__b},r=Symbol(),a=/(PointerCapture)$|Capture$/i,u=0,c={};var U=function(e,t,n,i){var l;t[0]=0;for(var o=1;o<t.length;o++){var s=t[o++],r=t[o]?(t[0]|=s?1:2,n[t[o++]]):t[++o];3===s?i[0]=r:4===s?i[1]=Object.assign(i[1]||{},r):5===s?(i[1]=i[1]||{})[t[++o]]=r:6===s?i[1][t[++o]]+=r+"":s?(l=e.apply(r,U(e,r,n,["",null])),i.push(l),r[0]?t[0]|=2:(t[o-2]=0,t[o]=l)):i.push(r)}return i},z=new Map;var H,F,G,B,V=Object.is,Y=0,J=[],K=[],Z=e,X=Z.__b,Q=Z.__r,ee=Z.diffed,te=Z.__c,ne=Z.unmount,ie=Z.__;function le(e,t){Z.__h&&Z.__h(F,e,Y||t),Y=0;var n=F.__H||(F.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function oe(e){return Y=1,function(e,t){var n=le(H++,2);if(n.t=e,!n.__c&&(n.__=[ve(void 0,t),function(e){var t=(n.__N||n.__)[0],i=n.t(t,e);V(t,i)||(n.__N=[i,n.__[1]],n.__c.setState({}))}],n.__c=F,!F.__f)){F.__f=!0;var i=F.shouldComponentUpdate;F.shouldComponentUpdate=function(e,t,n){var l=this.__H;if(!l)return!0;var o=!1,s=this.props!=e;if(l.__.some(function(e){e.__N&&(o=!0,V(e.__[0],e.__N[0])||(s=!0))}),i){var r=i.call(this,e,t,n);return o?r||s:r}return!o||s}}return n.__}(ve,e)}function se(e,t){var n=le(H++,3);!Z.__s&&$e(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,F.__H.__h.push(n))}function re(e){return Y=5,ae(function(){return{current:e}},[])}function ae(e,t){var n=le(H++,7);return $e(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function ue(){var e=le(H++,11);if(!e.__){for(var t=F.__v;!t.__m&&t.__;)t=t.__;var n=t.__m||(t.__m=[0,0]);e.__="P"+n[0]+"-"+n[1]++}return e.__}function ce(){var e;do{for(;e=K.shift();)try{he(e)}catch(t){Z.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=J.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(he),t.__h.some(me),t.__h=[]}catch(n){t.__h=[],Z.__e(n,e.__v)}}}while(K.length)}Z.__b=function(e){F=null,X&&X(e)},Z.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),ie&&ie(e,t)},Z.__r=function(e){Q&&Q(e),H=0;var t=(F=e.__c).__H;t&&(G==F?F.__h=[]:(t.__h.some(he),t.__h.some(me),H=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),G=F},Z.diffed=function(e){ee&&ee(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&pe(J.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),G=F=null},Z.__c=function(e,t){t.some(function(e){try{e.__h.some(he),e.__h=e.__h.filter(function(e){return!e.__||me(e)})}catch(t){e.__h=[function(){throw t}]}}),te&&te(e,t)},Z.unmount=function(e){ne&&ne(e);var t,n,i=e.__c;i&&i.__H&&(i.__H.__.some(function(i){try{if(i.__P&&i.__c){if(void 0===n){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}i.__P=n,pe(K.push(i))}else he(i)}catch(e){t=e}}),i.__H=void 0,t&&Z.__e(t,i.__v))};var de="function"==typeof requestAnimationFrame;function fe(e){var t,n=function(){clearTimeout(i),de&&cancelAnimationFrame(t),setTimeout(e)},i=setTimeout(n,35);de&&(t=requestAnimationFrame(n))}function pe(e){1!=e&&B==Z.requestAnimationFrame||((B=Z.requestAnimationFrame)||fe)(ce)}function he(e){var t=F,n=e.__c;"function"==typeof n&&(e.__c=void 0,n()),F=t}function me(e){var t=F;e.__c=e.__(),F=t}function $e(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!V(t,e[n])})}function ve(e,t){return"function"==typeof t?t(e):t}const _e=Symbol.for("preact-signals");function ge(){if(Te>1)return void Te--;let e,t=!1;for(!function(){let e=Se;for(Se=void 0;void 0!==e;){const t=e.S;if(t.v===e.v)for(let n=t.t;void 0!==n;n=n.x)n.i===e.i&&(n.i=t.i);e=e.o}}();void 0!==ke;){let n=ke;for(ke=void 0,Me++;void 0!==n;){const i=n.u;if(n.u=void 0,n.f&=-3,!(8&n.f)&&Ae(n))try{n.c()}catch(n){t||(e=n,t=!0)}n=i}}if(Me=0,Te--,t)throw e}function ye(e){if(Te>0)return e();qe=++Pe,Te++;try{return e()}finally{ge()}}let be,we,ke;function xe(e){const t=be,n=we;be=void 0,we=void 0;try{return e()}finally{be=t,we=n}}let Se,Te=0,Me=0,Pe=0,qe=0,Ce=0;function Ee(e){if(void 0===be)return;let t=e.n;return void 0===t||t.t!==be?(t={i:0,S:e,p:be.s,n:void 0,t:be,e:void 0,x:void 0,r:t},void 0!==be.s&&(be.s.n=t),be.s=t,e.n=t,32&be.f&&e.S(t),t):-1===t.i?(t.i=0,void 0!==t.n&&(t.n.p=t.p,void 0!==t.p&&(t.p.n=t.n),t.p=be.s,t.n=void 0,be.s.n=t,be.s=t),t):void 0}function Re(e,t){this.v=e,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=null==t?void 0:t.watched,this.Z=null==t?void 0:t.unwatched,this.name=null==t?void 0:t.name}function Oe(e,t){return new Re(e,t)}function Ae(e){for(let t=e.s;void 0!==t;t=t.n)if(t.S.i!==t.i||!t.S.h()||t.S.i!==t.i)return!0;return!1}function De(e){for(let t=e.s;void 0!==t;t=t.n){const n=t.S.n;if(void 0!==n&&(t.r=n),t.S.n=t,t.i=-1,void 0===t.n){e.s=t;break}}}function je(e){let t,n=e.s;for(;void 0!==n;){const e=n.p;-1===n.i?(n.S.U(n),void 0!==e&&(e.n=n.n),void 0!==n.n&&(n.n.p=e)):t=n,n.S.n=n.r,void 0!==n.r&&(n.r=void 0),n=e}e.s=t}function Le(e,t){Re.call(this,void 0,t),this.x=e,this.s=void 0,this.g=Ce-1,this.f=4}function Ne(e,t){return new Le(e,t)}function We(e){const t=e.j;if(e.j=void 0,"function"==typeof t){Te++;const n=be;be=void 0;try{t()}catch(t){throw e.f&=-2,e.f|=8,Ie(e),t}finally{be=n,ge()}}}function Ie(e){for(let t=e.s;void 0!==t;t=t.n)t.S.U(t);e.x=void 0,e.s=void 0,We(e)}function Ue(e){if(be!==this)throw new Error("Out-of-order effect");je(this),be=e,this.f&=-2;try{8&this.f&&Ie(this)}finally{ge()}}function ze(e,t){this.x=e,this.j=void 0,this.s=void 0,this.u=void 0,this.f=32,this.name=null==t?void 0:t.name,we&&we.push(this)}function He(e,t){const n=new ze(e,t);try{n.c()}catch(e){throw n.d(),e}const i=n.d.bind(n);return i[Symbol.dispose]=i,i}Re.prototype.brand=_e,Re.prototype.h=function(){return!0},Re.prototype.S=function(e){const t=this.t;t!==e&&void 0===e.e&&(e.x=t,this.t=e,void 0!==t?t.e=e:xe(()=>{var e;null==(e=this.W)||e.call(this)}))},Re.prototype.U=function(e){if(void 0!==this.t){const t=e.e,n=e.x;void 0!==t&&(t.x=n,e.e=void 0),void 0!==n&&(n.e=t,e.x=void 0),e===this.t&&(this.t=n,void 0===n&&xe(()=>{var e;null==(e=this.Z)||e.call(this)}))}},Re.prototype.subscribe=function(e){return He(()=>{const t=this.value;xe(()=>e(t))},{name:"sub"})},Re.prototype.valueOf=function(){return this.value},Re.prototype.toString=function(){return this.value+""},Re.prototype.toJSON=function(){return this.value},Re.prototype.peek=function(){return xe(()=>this.value)},Object.defineProperty(Re.prototype,"value",{get(){const e=Ee(this);return void 0!==e&&(e.i=this.i),this.v},set(e){if(e!==this.v){if(Me>100)throw new Error("Cycle detected");!function(e){0!==Te&&0===Me&&e.l!==qe&&(e.l=qe,Se={S:e,v:e.v,i:e.i,o:Se})}(this),this.v=e,this.i++,Ce++,Te++;try{for(let e=this.t;void 0!==e;e=e.x)e.t.N()}finally{ge()}}}}),Le.prototype=new Re,Le.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if(32==(36&this.f))return!0;if(this.f&=-5,this.g===Ce)return!0;if(this.g=Ce,this.f|=1,this.i>0&&!Ae(this))return this.f&=-2,!0;const e=be;try{De(this),be=this;const e=this.x();(16&this.f||this.v!==e||0===this.i)&&(this.v=e,this.f&=-17,this.i++)}catch(e){this.v=e,this.f|=16,this.i++}return be=e,je(this),this.f&=-2,!0},Le.prototype.S=function(e){if(void 0===this.t){this.f|=36;for(let e=this.s;void 0!==e;e=e.n)e.S.S(e)}Re.prototype.S.call(this,e)},Le.prototype.U=function(e){if(void 0!==this.t&&(Re.prototype.U.call(this,e),void 0===this.t)){this.f&=-33;for(let e=this.s;void 0!==e;e=e.n)e.S.U(e)}},Le.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(let e=this.t;void 0!==e;e=e.x)e.t.N()}},Object.defineProperty(Le.prototype,"value",{get(){if(1&this.f)throw new Error("Cycle detected");const e=Ee(this);if(this.h(),void 0!==e&&(e.i=this.i),16&this.f)throw this.v;return this.v}}),ze.prototype.c=function(){const e=this.S();try{if(8&this.f)return;if(void 0===this.x)return;const e=this.x();"function"==typeof e&&(this.j=e)}finally{e()}},ze.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,We(this),De(this),Te++;const e=be;return be=this,Ue.bind(this,e)},ze.prototype.N=function(){2&this.f||(this.f|=2,this.u=ke,ke=this)},ze.prototype.d=function(){this.f|=8,1&this.f||Ie(this)},ze.prototype.dispose=function(){this.d()};const Fe="undefined"!=typeof window&&!!window.__PREACT_SIGNALS_DEVTOOLS__;let Ge,Be,Ve=[];function Ye(t,n){e[t]=n.bind(null,e[t]||(()=>{}))}function Je(e){if(Be){const e=Be;Be=void 0,e()}Be=e&&e.S()}function Ke({data:e}){const t=Xe(e);t.name="ReactiveDom",t.value=e;const[i,l]=ae(()=>{let e=this,i=this.__v;for(;i=i.__;)if(i.__c){i.__c.__$f|=4;break}const l=Ne(()=>{let e=t.value.value;return 0===e?0:!0===e?"":e||""}),o=Ne(()=>!Array.isArray(l.value)&&!n(l.value)),s=He(function(){if(this.N=tt,o.value){const t=l.value;e.__v&&e.__v.__e&&3===e.__v.__e.nodeType&&(e.__v.__e.data=t)}}),r=this.__$u.d;return this.__$u.d=function(){s(),r.call(this)},[o,l]},[]);return i.value?l.peek():l.value}function Ze(e,t,n,i){const l=t in e&&void 0===e.ownerSVGElement,o=Oe(n);return{o:(e,t)=>{o.value=e,i=t},d:He(function(){this.N=tt;const n=o.value.value;i[t]!==n&&(i[t]=n,l?e[t]=n:null==n||!1===n&&"-"!==t[4]?e.removeAttribute(t):e.setAttribute(t,n))})}}function Xe(e,t){return ae(()=>Oe(e,t),[])}He(function(){Ge=this.N})(),Ke.displayName="ReactiveTextNode",Object.defineProperties(Re.prototype,{constructor:{configurable:!0,value:g(b,null).constructor},type:{configurable:!0,value:Ke},props:{configurable:!0,get(){const e=this;return{data:{get value(){return e.value}}}}},__b:{configurable:!0,value:1}}),Ye("__b",(e,t)=>{if(Je(),"string"==typeof t.type){let e,n=t.props;for(let i in n){if("children"===i)continue;let l=n[i];l instanceof Re&&(e||(t.__np=e={}),e[i]=l,n[i]=l.peek())}}e(t)}),Ye("__r",(e,t)=>{if(e(t),t.type!==b){Je();let e,n=t.__c;n&&(n.__$f&=-2,e=n.__$u,void 0===e&&(n.__$u=e=function(e,t){let n;return He(function(){n=this},{name:t}),n.c=e,n}(function(e){return function(){var t;Fe&&(null==(t=this.y)||t.call(this)),e.__$f|=1,e.setState({})}}(n),"function"==typeof t.type?t.type.displayName||t.type.name:""))),Je(e)}}),Ye("__e",(e,t,n,i)=>{Je(),e(t,n,i)}),Ye("diffed",(e,t)=>{let n;if(Je(),"string"==typeof t.type&&(n=t.__e)){let e=t.__np,i=t.props,l=n.U;if(l)for(let t in l){let n=l[t];void 0===n||e&&t in e||(n.d(),l[t]=void 0)}if(e){l||(l={},n.U=l);for(let t in e){let o=l[t],s=e[t];void 0===o?(o=Ze(n,t,s,i),l[t]=o):o.o(s,i)}}}e(t)}),Ye("unmount",(e,t)=>{if("string"==typeof t.type){let e=t.__e;if(e){const t=e.U;if(t){e.U=void 0;for(let e in t){let n=t[e];n&&n.d()}}}let n=t.__np;if(n){let e=t.props;for(let t in n)e[t]=n[t]}t.__np=void 0}else{let e=t.__c;if(e){e.__$f|=8;const t=e.__$u;t&&(e.__$u=void 0,t.d())}}e(t)}),Ye("__h",(e,t,n,i)=>{i<3&&(t.__$f|=2),e(t,n,i)}),w.prototype.shouldComponentUpdate=function(e,t){if(this.__R)return!0;const n=this.__$u,i=n&&void 0!==n.s;for(let e in t)return!0;if(this.__f||"boolean"==typeof this.u&&!0===this.u){const e=2&this.__$f;if(!(i||e||4&this.__$f))return!0;if(1&this.__$f)return!0}else{if(!(i||4&this.__$f))return!0;if(3&this.__$f)return!0}for(let t in e)if("__source"!==t&&e[t]!==this.props[t])return!0;for(let t in this.props)if(!(t in e))return!0;return!1};const Qe=e=>{queueMicrotask(()=>{queueMicrotask(e)})};function et(){ye(()=>{let e;for(;e=Ve.shift();)Ge.call(e)})}function tt(){1===Ve.push(this)&&(e.requestAnimationFrame||Qe)(et)}const nt=function(e){var t=z.get(this);return t||(t=new Map,z.set(this,t)),(t=U(this,t.get(e)||(t.set(e,t=function(e){for(var t,n,i=1,l="",o="",s=[0],r=function(e){1===i&&(e||(l=l.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?s.push(0,e,l):3===i&&(e||l)?(s.push(3,e,l),i=2):2===i&&"..."===l&&e?s.push(4,e,0):2===i&&l&&!e?s.push(5,0,!0,l):i>=5&&((l||!e&&5===i)&&(s.push(i,0,l,n),i=6),e&&(s.push(i,e,0,n),i=6)),l=""},a=0;a<e.length;a++){a&&(1===i&&r(),r(a));for(var u=0;u<e[a].length;u++)t=e[a][u],1===i?"<"===t?(r(),s=[s],i=3):l+=t:4===i?"--"===l&&">"===t?(i=1,l=""):l=t+l[0]:o?t===o?o="":l+=t:'"'===t||"'"===t?o=t:">"===t?(r(),i=1):i&&("="===t?(i=5,n=l,l=""):"/"===t&&(i<5||">"===e[a][u+1])?(r(),3===i&&(s=s[0]),i=s,(s=s[0]).push(2,0,i),i=0):" "===t||"\t"===t||"\n"===t||"\r"===t?(r(),i=2):l+=t),3===i&&"!--"===l&&(i=4,s=s[0])}return r(),s}(e)),t),arguments,[])).length>1?t:t[0]}.bind(g);class it extends Error{constructor(e,{code:t,detail:n,title:i,problems:l}={},o){super(n??i??l?.map(e=>e.split("\n")[0]).join("; ")??`the gateway responded with ${e}`),this.name="Refused",this.status=e,this.code=t,this.after=o}}async function lt(e,{method:t="GET",body:n,signal:i}={}){const l=await fetch(e,{method:t,signal:i,cache:"no-store",credentials:"same-origin",redirect:"error",headers:{accept:"application/json",..."GET"===t?{}:{"content-type":"application/json"}},..."GET"===t?{}:{body:JSON.stringify(n??{})}}),o=await l.text(),s=/json/.test(l.headers.get("content-type")??"")&&""!==o?JSON.parse(o):void 0;if(l.ok)return s??o;throw new it(l.status,s,Number(l.headers.get("retry-after")??NaN)||void 0)}const ot={about:void 0,now:0,values:{},tables:{},seconds:[]};function st(e,t){const n={...e,...t};for(const[e,i]of Object.entries(t))null===i&&delete n[e];return n}const rt=Oe(ot),at=Ne(()=>rt.value.about),ut=Ne(()=>rt.value.now),ct=Ne(()=>rt.value.values.gateway),dt=Ne(()=>rt.value.values.problems),ft=Ne(()=>rt.value.values.marks),pt=Ne(()=>rt.value.seconds),ht={},mt=e=>Ne(()=>rt.value.tables[e]??ht),$t=Oe("connecting"),vt=Oe(0),[_t,gt]=[500,1e4];let yt,bt,wt,kt=0,xt=_t;function St(e){Pt(),yt=new EventSource("/live"),yt.addEventListener("snapshot",({data:e})=>Tt(function({about:e,now:t,values:n,tables:i,seconds:l}){return{about:e,now:t,values:n,tables:i,seconds:l}}(JSON.parse(e)))),yt.addEventListener("delta",({data:e})=>Tt(function(e,{now:t,values:n,tables:i,seconds:l}){return{about:e.about,now:t,values:0===Object.keys(n).length?e.values:{...e.values,...n},tables:Object.entries(i).reduce((e,[t,n])=>({...e,[t]:st(e[t]??{},n)}),e.tables),seconds:0===l.length?e.seconds:[...e.seconds,...l].slice(-300)}}(rt.value,JSON.parse(e)))),yt.onerror=()=>{Pt(),$t.value="lost",bt=setTimeout(()=>e(),xt*(.75+Math.random()/2)),xt=Math.min(2*xt,gt)},wt??=setInterval(Mt,250)}function Tt(e){kt=performance.now(),xt=_t,ye(()=>{rt.value=e,$t.value="live",vt.value=0})}function Mt(){const e=Math.floor((performance.now()-kt)/1e3);vt.value=0===kt||e<2?0:e}function Pt(){clearTimeout(bt),yt?.close(),yt=void 0}const qt=Oe({state:"unknown"}),Ct=Ne(()=>"in"===qt.value.state&&"operate"===qt.value.role);async function Et(){try{qt.value={state:"in",...await lt("/session")}}catch(e){if(401===e.status||403===e.status)return Ot()}St(Et)}async function Rt(){await lt("/logout",{method:"POST"}).catch(()=>{}),Ot()}function Ot(){Pt(),clearInterval(wt),wt=void 0,ye(()=>{rt.value=ot,$t.value="connecting",vt.value=0}),qt.value={state:"out"}}const At="–";function Dt(e){if(null==e||Number.isNaN(e))return At;const t=Math.abs(e);return t>=999500?`${jt(e/1e6)}M`:t>=9999.5?`${jt(e/1e3)}k`:t>=100?String(Math.round(e)):jt(e)}function jt(e){const t=Math.abs(e);return String(Number(e.toFixed(t>=100?0:t>=10?1:2)))}function Lt(e){return null==e?At:e<10?`${Number(e.toFixed(1))} ms`:e<999.5?`${Math.round(e)} ms`:`${jt(e/1e3)} s`}function Nt(e){if(null==e)return At;const t=["B","KiB","MiB","GiB","TiB"],n=e<1?0:Math.min(Math.floor(Math.log2(e)/10),t.length-1);return`${jt(e/1024**n)} ${t[n]}`}function Wt(e){return null==e?At:`${jt(100*e)} %`}const It=[["d",86400],["h",3600],["min",60],["s",1]];function Ut(e){let t=Math.max(0,Math.floor(e/1e3));const n=It.findIndex(([,e])=>t>=e);return-1===n?"0 s":It.slice(n,n+2).flatMap(([e,n])=>{const i=Math.floor(t/n);return t%=n,0===i?[]:[`${i} ${e}`]}).join(" ")}function zt(e,t){return null==e?At:t-e<1e3?"just now":`${Ut(t-e)} ago`}function Ht(e){return new Date(e).toLocaleTimeString("en-GB")}function Ft(e,t){return`${e} ${t}${1===e?"":"s"}`}function Gt(){const[e,t]=oe(),[n,i]=oe(!1),l=re(null);se(()=>l.current.focus(),[]);return nt`
    <main class="login" id="main">
      <h1>Onedoor</h1>
      <form onSubmit=${async e=>{e.preventDefault();const n=l.current.value;if(""===n)return t("Enter the token first.");i(!0);try{await async function(e){await lt("/login",{method:"POST",body:{token:e}}),await Et()}(n)}catch(e){t(function({after:e,message:t,status:n}){return 401===n?"This is not the token.":429===n?`Too many wrong tokens. Try again ${void 0===e?"later":`in ${Ft(e,"second")}`}.`:void 0===n?"The gateway cannot be reached.":t}(e)),i(!1),l.current.value="",l.current.focus()}}} aria-describedby="login-problem">
        <label for="token">Token of the admin listener</label>
        <input id="token" ref=${l} type="password" autocomplete="current-password" aria-invalid=${void 0!==e} />
        <p id="login-problem" class="problem" role="alert">${e}</p>
        <button type="submit" disabled=${n}>Log in</button>
      </form>
      <p class="hint">It is <code>admin.token</code> of the configuration, or <code>admin.viewToken</code> to look only.</p>
    </main>`}const Bt=Oe(Jt(location.hash));function Vt(e,t={},n=""){const i=new URLSearchParams(Object.entries(t).filter(([,e])=>void 0!==e&&""!==e));return`#/${e}${""===n?"":`/${encodeURIComponent(n)}`}${0===i.size?"":`?${i}`}`}function Yt(e){const{view:t,item:n,query:i}=Bt.value;history.replaceState(null,"",Vt(t,{...Object.fromEntries(i),...e},n)),Bt.value=Jt(location.hash)}function Jt(e){const[,t="",n="",i=""]=/^#\/([a-z-]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(e)??[];return{view:""===t?"overview":t,item:Kt(n),query:new URLSearchParams(i)}}function Kt(e){try{return decodeURIComponent(e)}catch{return e}}addEventListener("hashchange",()=>{Bt.value=Jt(location.hash)});const Zt={good:"●",notice:"◆",warning:"▲",critical:"■",off:"○"};function Xt({kind:e,children:t}){return nt`<span class="state ${e}"><span class="shape" aria-hidden="true">${Zt[e]}</span> ${t}</span>`}const Qt=Oe(void 0);let en;function tn(e,t="good"){clearTimeout(en),Qt.value={text:e,kind:t},en=setTimeout(()=>{Qt.value=void 0},8e3)}function nn(){return nt`
    <div role="status" class="said">
      ${void 0!==Qt.value&&nt`<p><${Xt} kind=${Qt.value.kind}>${Qt.value.text}<//></p>`}
    </div>`}function ln({problem:e}){return void 0===e?nt`<p role="status" class="empty">Asking the gateway.</p>`:nt`<p role="alert" class="empty"><${Xt} kind="critical">${on(e)}<//></p>`}function on({message:e,status:t}){return void 0===t?"The gateway cannot be reached.":e}function sn(e,{every:t,after:n}={}){const[i,l]=oe({}),[o,s]=oe(0);se(()=>{if(void 0===e)return;const n=new AbortController,{signal:i}=n,o=async()=>{try{const t=await lt(e,{signal:i});l({path:e,value:t})}catch(t){if(i.aborted)return;401===t.status&&Et(),l(n=>({...n,path:e,value:n.path===e?n.value:void 0,problem:t}))}};o();const s=void 0===t?void 0:setInterval(()=>{"visible"===document.visibilityState&&o()},t);return()=>{clearInterval(s),n.abort()}},[e,t,n,o]);const{value:r,problem:a}=i.path===e?i:{};return{value:r,problem:a,again:()=>s(o+1)}}const rn={text:()=>{},diff:e=>/^(?:\+\+\+|---|@@)/.test(e)?"place":e.startsWith("+")?"added":e.startsWith("-")?"removed":void 0,yaml:e=>/^\s*#/.test(e)?"comment":void 0};function an({text:e,kind:t="text",label:n}){const[i,l]=oe(!1),o=ae(()=>e.replace(/\n$/,"").split("\n"),[e]),s=ae(()=>(i?o:o.slice(0,2e3)).map((e,n)=>nt`
    <span key=${n} class=${rn[t](e)}>${"yaml"===t?function(e){const[,t,n,i]=/^([\s-]*)("[^"]*"|[^\s"#:][^:#]*)(:(?:\s.*)?)$/.exec(e)??[];return void 0===n?e:nt`${t}<b>${n}</b>${i}`}(e):e}</span>${"\n"}`),[o,i,t]);return nt`
    <pre class="code" role="group" aria-label=${n} tabindex="0">${s}</pre>
    ${s.length<o.length&&nt`
      <button type="button" class="more" onClick=${()=>l(!0)}>Show all ${o.length} lines</button>`}`}function un({name:e,label:t,placeholder:n,type:i="search",suggestions:l}){const o=ue();return nt`
    <label class="filter">
      <span>${t}</span>
      <input type=${i} name=${e} placeholder=${n} autocomplete="off" spellcheck=${!1} list=${l&&o}
        value=${Bt.value.query.get(e)??""} onInput=${({currentTarget:t})=>Yt({[e]:t.value})} />
    </label>
    ${l&&nt`<datalist id=${o}>${l.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>`}`}function cn(e,...t){const n=t.join(" ").toLowerCase();return e.toLowerCase().split(/\s+/).every(e=>n.includes(e))}function dn(e){return""===e?1/0:/^ */.exec(e)[0].length}function fn({path:e,after:t,title:n}){const{value:i,problem:l}=sn(e,{after:t}),o=Bt.value.query.get("lines")??"",s=ae(()=>void 0===i||""===o?void 0:function(e,t){const n=e.replace(/\n$/,"").split("\n"),i=new Set,l=[];let o=1/0;for(const[e,s]of n.entries()){const n=dn(s);for(;l.length>0&&l.at(-1).depth>=n;)l.pop();if(n<=o&&(o=1/0),t(s)){for(const e of l)i.add(e.index);o=Math.min(o,n)}o!==1/0&&i.add(e),l.push({index:e,depth:n})}return n.filter((e,t)=>i.has(t))}(i,e=>cn(o,e)),[i,o]);return nt`
    <section class="card file" aria-labelledby="effective-title">
      <h2 id="effective-title">${n}</h2>
      ${void 0===i?nt`<${ln} problem=${l} />`:nt`
        <div class="tools inside">
          <${un} name="lines" label="Lines with" placeholder="such as retry" />
          ${void 0!==navigator.clipboard&&nt`<button type="button" onClick=${()=>async function(e){try{await navigator.clipboard.writeText(e),tn("The configuration is in the clipboard.")}catch{tn("The browser does not allow that.","warning")}}(i)}>Copy all</button>`}
          <span class="count" role="status">${void 0===s?"":Ft(s.length,"line")}</span>
        </div>
        ${0===s?.length?nt`<p class="empty">No line has “${o}”.</p>`:nt`<${an} text=${s?.join("\n")??i} kind="yaml" label=${n} />`}
        <p class="hint">With all defaults, and without secrets.${void 0!==s&&" Shown with what each line belongs to."}</p>`}
    </section>`}function pn({time:e}){return null==e?At:nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${zt(e,ut.value)}</time>`}function hn({time:e}){if(null==e)return At;const t=e-ut.value;return nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${t<1e3?"under 1 s":Ut(t)}</time>`}const mn={start:"start of the gateway",file:"the file changed",SIGHUP:"SIGHUP",admin:"admin listener",program:"the program around the gateway"};function $n({trigger:e,restores:t}){return void 0===t?mn[e]??e:`restored configuration ${t}`}function vn({by:e,via:t}){return void 0===e?void 0:`${e} (${t})`}const _n={serving:"good",served:"off",refused:"warning"};function gn({records:e,record:t}){const{number:n}=t,i=function(e,t){return e.filter(e=>void 0!==e.generation&&e.number!==t)}(e,n),l=function(e,{generation:t}){return void 0===t?void 0:e.find(e=>e.generation===t-1)}(e,t),o=Bt.value.query.get("with")??"",s=""===o?l?.number:o,{value:r,problem:a}=sn(s&&`/reloads/${n}/diff?with=${s}`);return nt`
    <section class="card differs" aria-labelledby="diff-title">
      <div class="head">
        <h2 id="diff-title">What differs</h2>
        ${i.length>0&&nt`<label class="compared"><span>Compared with</span>
          <select value=${o} onChange=${({currentTarget:e})=>Yt({with:e.value})}>
            <option value="">${void 0===l?"none":`${l.number}, which served before`}</option>
            ${i.filter(e=>e!==l||o===String(e.number)).map(e=>nt`
              <option key=${e.number} value=${e.number}>${e.number}, of ${Ht(Date.parse(e.at))}</option>`)}
          </select></label>`}
      </div>
      ${void 0===s?nt`<p class="empty">What served before is not kept${i.length>0&&": choose one to compare with"}.</p>`:void 0===r?nt`<${ln} problem=${a} />`:nt`<${bn} ...${r} />`}
    </section>`}const yn={added:"+",removed:"−",changed:"~"};function bn({from:e,to:t,diff:n,places:i,more:l}){return""===n?nt`<p class="empty" role="status">Nothing: ${e} and ${t} have the same effect.</p>`:nt`
    <p role="status">From ${e} to ${t}, ${Ft(i.length+l,"place")} differ${i.length+l===1&&"s"}:</p>
    <div class="found">
      <ul class="places" tabindex="0" aria-label="Places that differ">
        ${i.map(({place:e,change:t})=>nt`
          <li key=${e} class=${t}>
            <span aria-hidden="true">${yn[t]}</span><span class="mono break">${e}</span><span class="dim">${t}</span>
          </li>`)}
        ${l>0&&nt`<li class="dim">and ${Ft(l,"more place")}</li>`}
      </ul>
      <div><${an} text=${n} kind="diff" label=${`Difference from ${e} to ${t}`} /></div>
    </div>`}function wn(e=""){return e.startsWith("-")?{name:e.slice(1),descending:!0}:{name:e,descending:!1}}function kn({name:e,number:t=!1},n){const{name:i,descending:l}=wn(n);return(i===e?!l:t)?`-${e}`:e}function xn(e,t,n){const i=n?-1:1;return e.map(e=>({row:e,value:t(e)??void 0})).toSorted(({value:e},{value:t})=>void 0===e||void 0===t?Number(void 0===e)-Number(void 0===t):i*("number"==typeof e?e-t:Sn.compare(e,t))).map(({row:e})=>e)}const Sn=new Intl.Collator("en",{numeric:!0});function Tn({caption:e,columns:t,rows:n,keyOf:i,sort:l="",empty:o="There is none.",stateOf:s=()=>{}}){const[r,a]=oe(!1),u=re(void 0),c=Bt.value.query.get("sort")??l,{name:d,descending:f}=wn(c),p=t.find(e=>e.name===d)?.by,h=void 0===p?n:xn(n,p,f),m=void 0===u.current?h:function(e,t,n){const i=new Map(e.map((e,t)=>[e,t]));return xn(t,e=>i.get(n(e)),!1)}(u.current,h,i),$=r?m:m.slice(0,200),v=()=>{u.current??=m.map(i)},_=()=>{u.current=void 0};return 0===n.length?nt`<p class="empty">${o}</p>`:nt`
    <div class="scroll" role="group" aria-label=${e} tabindex="0">
      <table>
        <caption class="hidden">${e}</caption>
        <thead><tr>${t.map(e=>nt`<${Mn} key=${e.name} column=${e} sorting=${c} />`)}</tr></thead>
        <tbody onPointerEnter=${v} onPointerLeave=${_} onFocusIn=${v} onFocusOut=${_}>
          ${$.map(e=>nt`<${Pn} key=${i(e)} row=${e} columns=${t} state=${s(e)} />`)}
        </tbody>
      </table>
    </div>
    ${$.length<m.length&&nt`
      <button type="button" class="more" onClick=${()=>a(!0)}>Show all ${m.length} rows</button>`}`}function Mn({column:e,sorting:t}){const{name:n,descending:i}=wn(t),l=n===e.name,o=l?i?"descending":"ascending":void 0;return nt`
    <th scope="col" class=${qn(e)} title=${e.hint} aria-sort=${o}>
      ${void 0===e.by?e.title:nt`
        <button type="button" class="sort" onClick=${()=>Yt({sort:kn(e,t)})}>
          ${e.title}<span class="arrow" aria-hidden="true">${l?i?"▼":"▲":""}</span>
        </button>`}
    </th>`}function Pn({row:e,columns:t,state:n}){return ae(()=>nt`
    <tr class=${n}>
      ${t.map((t,n)=>0===n?nt`<th key=${t.name} scope="row" class=${qn(t)}>${t.cell(e)}</th>`:nt`<td key=${t.name} class=${qn(t)}>${t.cell(e)}</td>`)}
    </tr>`,[e,t,n])}function qn({minor:e=!1,number:t=!1}){return[t&&"number",e&&"minor"].filter(Boolean).join(" ")||void 0}const Cn=[{name:"number",title:"No.",by:({number:e})=>e,cell:function({number:e}){return nt`<a href=${Vt("configuration",{},String(e))} aria-label=${`Configuration ${e}`}>${e}</a>`}},{name:"when",title:"When",by:({at:e})=>e,cell:function({at:e}){return nt`<span class="when"><${pn} time=${Date.parse(e)} /></span>`}},{name:"result",title:"Result",by:({result:e})=>e,cell:function({result:e}){return nt`<${Xt} kind=${_n[e]}>${e}<//>`}},{name:"trigger",title:"Trigger",minor:!0,cell:function(e){return nt`${$n(e)}${void 0!==e.reason&&nt`<span class="dim break">: ${e.reason}</span>`}`}},{name:"by",title:"By",minor:!0,cell:e=>vn(e)??nt`<span class="dim">${At}</span>`},{name:"changes",title:"Changes",hint:"Places added, removed and changed since the one that served before",cell:Rn},{name:"generation",title:"Generation",number:!0,minor:!0,cell:({generation:e})=>e??At}];function En({records:e}){return nt`
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <${Tn} caption="Configurations" columns=${Cn} rows=${e} keyOf=${({number:e})=>String(e)} />
      <p class="hint">The latest 20 that served and 20 that were refused are kept in memory until the gateway restarts.</p>
    </section>`}function Rn({changes:e,problems:t}){if(void 0!==t)return nt`<span class="changes">${Ft(t.length,"problem")}</span>`;if(void 0===e)return nt`<span class="dim">${At}</span>`;const{added:n,removed:i,changed:l}=e;return nt`
    <span class="changes" role="img" aria-label=${`${n} added, ${i} removed, ${l} changed`}>
      <span class=${n>0?"added":"dim"}>+${n}</span> <span class=${i>0?"removed":"dim"}>−${i}</span>${" "}
      <span class=${l>0?void 0:"dim"}>~${l}</span>
    </span>`}function On(){const{generation:e,lastReload:t}=ct.value??{};if(!1!==t?.ok)return nt`<div role="status"></div>`;const{at:n,problems:i}=t;return nt`
    <section class="card refused" aria-labelledby="refused-title">
      <h2 id="refused-title"><${Xt} kind="warning">The file was refused<//></h2>
      <p><span role="status">It has ${Ft(i.length,"problem")}; generation ${e} serves on.</span>
        ${" "}<span class="dim"><${pn} time=${Date.parse(n)} /></span></p>
      <${An} problems=${i} />
    </section>`}function An({problems:e}){return nt`<${an} text=${e.join("\n\n")} label="Problems of the configuration" />`}function Dn({title:e,confirm:t,dangerous:n=!1,change:i,onClose:l,children:o}){const[s,r]=oe(),[a,u]=oe(!1),c=re(null),d=ue();se(()=>c.current.showModal(),[]);return nt`
    <dialog ref=${c} aria-labelledby=${d} onClose=${l}>
      <form onSubmit=${async e=>{e.preventDefault(),u(!0);try{await i(Object.fromEntries(new FormData(e.currentTarget))),c.current.close()}catch(e){r(on(e)),u(!1)}}}>
        <h2 id=${d}>${e}</h2>
        ${o}
        <p class="problem" role="alert">${s}</p>
        <div class="buttons">
          <button type="button" onClick=${()=>c.current.close()}>Cancel</button>
          <button type="submit" class=${n?"primary dangerous":"primary"} disabled=${a}>${t}</button>
        </div>
      </form>
    </dialog>`}function jn({label:e,hint:t,children:n}){return nt`<label class="field"><span>${e}</span>${n}${t&&nt`<small>${t}</small>`}</label>`}function Ln({number:e,onClose:t}){return nt`
    <${Dn} title=${`Serve configuration ${e} again`} confirm="Serve it" change=${async({reason:t})=>{await lt(`/reloads/${e}/restore?${new URLSearchParams({reason:t})}`,{method:"POST"}),tn(`Configuration ${e} serves again, until the file changes or is reloaded.`)}} onClose=${t}>
      <p>It serves at once, in all threads, and no request is lost. Secrets, certificates and plugins are those of now.</p>
      <p>This is temporary: the file is the truth, and takes over when it changes or is reloaded.</p>
      <${jn} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}function Nn({records:e,number:t,again:n}){const[i,l]=oe(!1),o=e.find(e=>e.number===t);if(void 0===o)return nt`<p class="card empty">This configuration is not kept: there never was one, or it is forgotten.</p>`;const{result:s,generation:r,problems:a}=o;return nt`
    <section class="card" aria-labelledby="about-title">
      <div class="head">
        <h2 id="about-title">
          <${Xt} kind=${_n[s]}>${s}<//>${void 0!==r&&` as generation ${r}`}
        </h2>
        ${Ct.value&&"served"===s&&nt`
          <button type="button" onClick=${()=>l(!0)}>Serve this configuration again</button>`}
      </div>
      <${Wn} record=${o} />
    </section>
    ${void 0===a?nt`<${gn} records=${e} record=${o} />
        <${fn} path=${`/reloads/${t}`} title="Effective configuration" />`:nt`<section class="card refused" aria-labelledby="problems-title">
        <h2 id="problems-title">Why it was refused</h2>
        <${An} problems=${a} />
      </section>`}
    ${i&&nt`<${Ln} number=${t} onClose=${()=>{l(!1),n()}} />`}`}function Wn({record:e}){const{at:t,reason:n}=e;return nt`
    <dl class="pairs">
      <dt>Loaded</dt>
      <dd><${pn} time=${Date.parse(t)} /> <span class="dim">at ${Ht(Date.parse(t))}</span></dd>
      <dt>Trigger</dt>
      <dd>${$n(e)}</dd>
      ${void 0!==e.by&&nt`<dt>By</dt><dd>${vn(e)}</dd>`}
      ${void 0!==n&&nt`<dt>Why</dt><dd>${n}</dd>`}
      <dt>Changes</dt>
      <dd><${Rn} ...${e} /></dd>
    </dl>`}function In({known:{file:e,included:t,restored:n,reloads:i},again:l}){const o=i.find(({result:e})=>"serving"===e),s=ct.value?.warnings??[],{number:r,generation:a,at:u,reason:c}=o;return nt`
    <section class="card" aria-labelledby="now-title">
      <div class="head"><h2 id="now-title">Serves now</h2>${Ct.value&&nt`<${zn} again=${l} />`}</div>
      <dl class="pairs">
        ${void 0!==n&&nt`
          <dt>State</dt>
          <dd><${Xt} kind="notice">Configuration ${n.number} serves again.<//>${" "}
            The file is the truth: this one serves until the file changes or is reloaded.</dd>`}
        <dt>File</dt>
        <dd>${void 0===e?"none: a program gave it":nt`<span class="mono">${e}</span>`}
          ${t>0&&nt` <span class="dim">and ${Ft(t,"included file")}</span>`}</dd>
        <dt>Configuration</dt>
        <dd><a href=${Vt("configuration",{},String(r))}>${r}</a>, generation ${a}</dd>
        <dt>Loaded</dt>
        <dd><${pn} time=${Date.parse(u)} /> <span class="dim">at ${Ht(Date.parse(u))}</span></dd>
        <dt>Trigger</dt>
        <dd>${$n(o)}${void 0!==o.by&&`, by ${vn(o)}`}${void 0!==c&&`: ${c}`}</dd>
        <dt>Warnings</dt>
        <dd>${0===s.length?"none":nt`<ul>${s.map(e=>nt`<${Un} key=${e} line=${e} />`)}</ul>`}</dd>
      </dl>
    </section>`}function Un({line:e}){const{place:t,text:n}=function(e){const[,t,n]=/^(\S.*?) {2}(?:warning: )?(.*)$/s.exec(e)??[];return void 0===t?{text:e.replace(/^warning: /,"")}:{place:t,text:n}}(e);return nt`
    <li>${void 0!==t&&nt`<span class="mono dim break">${t}</span> `}<${Xt} kind="warning">warning:<//> ${n}</li>`}function zn({again:e}){const[t,n]=oe(!1);return nt`<button type="button" disabled=${t} onClick=${async()=>{n(!0);try{await lt("/reload",{method:"POST"}),tn("The file was reloaded and serves.")}catch(e){tn(422===e.status?`The file was refused: ${e.message}`:on(e),"warning")}n(!1),e()}}>Reload the file</button>`}const Hn=/token|secret|api-?key|passw|auth|cookie|credential|signature|session|jwt/i,Fn=/\beyJ[\w-]+\.[\w-]+\.[\w-]+/;function Gn(e){const t=e.getAll("header").join("\n"),n={method:e.get("method")??"GET",url:e.get("url")??"",ip:e.get("ip")??"",headers:t,withSecrets:!1,leftOut:e.get("without")??""};return{...n,withSecrets:Yn(n).length>0}}function Bn({method:e,url:t,ip:n,headers:i}){return{method:e.trim(),url:t.trim(),header:Jn(i),...""===n.trim()?{}:{ip:n.trim()}}}const Vn="credentials of the URL";function Yn({headers:e,url:t}){const n=/\/\/[^/]*@/.test(t),i=Jn(e).filter(Xn).map(e=>Kn(e).toLowerCase());return[...new Set([...i,...n||Hn.test(t.split("?")[1]??"")||Fn.test(t)?[Vn]:[]])]}function Jn(e){return e.split("\n").map(e=>e.trim()).filter(e=>""!==e)}function Kn(e){return e.split(":",1)[0].trim()}function Zn(e){return e.slice(e.indexOf(":")+1).trim()}function Xn(e){return Hn.test(Kn(e))||Fn.test(e)}function Qn(e,t){const{method:n,url:i,header:l}=Bn(e),o=i.startsWith("/")?void 0:URL.parse(i),s=o?.host,r="*"===i?"":null==o?i:i.replace(/^[^/]*\/\/[^/?#]*/,"");return ti("curl -i",[..."GET"===n?[]:["HEAD"===n?"--head":`-X ${ei(n)}`],.../[[\]{}]/.test(r)?["--globoff"]:[],.../\/\.|%2e/i.test(r)?["--path-as-is"]:[],..."*"===i?["--request-target '*'"]:[],...void 0===s?[]:[`-H ${ei(`Host: ${s}`)}`],...l.map(e=>`-H ${ei(function(e){return""===Zn(e)?`${Kn(e)};`:e}(e))}`),ei(`${t}${r}`)])}function ei(e){return/^[\w@%+=:,./-]+$/.test(e)?e:`'${e.replaceAll("'","'\\''")}'`}function ti(e,t){const n=[e,...t].join(" ");return n.length<=100?n:[e,...t].join(" \\\n  ")}function ni({asked:e,config:t}){const n=void 0===t?void 0:function({listeners:[e]=[]},t){const{host:n,port:i,tls:l}=e??{};if(!i)return;return`${void 0===l?"http":"https"}://${["0.0.0.0","::"].includes(n)?t:n.includes(":")?`[${n}]`:n}:${i}`}(t,location.hostname);return nt`
    <section class="card commands" aria-labelledby="commands-title">
      <h2 id="commands-title">The same in a shell</h2>
      ${void 0!==n&&nt`<${ii} title="Send it" text=${Qn(e,n)} />`}
      <${ii} title="Explain it" text=${function(e){const{method:t,url:n,header:i,ip:l}=Bn(e);return ti("onedoor explain",[`${ei(t)} ${ei(n)}`,...i.map(e=>`-H ${ei(e)}`),...void 0===l?[]:[`--ip ${ei(l)}`],"--live"])}(e)} />
    </section>`}function ii({title:e,text:t}){return nt`
    <div class="command">
      <p><span class="dim">${e}</span>
        ${void 0!==navigator.clipboard&&nt`
          <button type="button" class="quiet" aria-label=${`Copy: ${e}`} onClick=${async()=>{await navigator.clipboard.writeText(t),tn("Copied.")}}>Copy</button>`}</p>
      <${an} text=${t} label=${e} />
    </div>`}function li({to:e,item:t,links:n}){return n.includes(e)?nt`<a class="break" href=${Vt(e,{},t)}>${t}</a>`:nt`<span class="break">${t}</span>`}const oi=new Set(["refused","failed","responded","redirected","page"]),si={...Object.fromEntries(["allowed","chosen","selected","issued","responded","sticky"].map(e=>[e,"good"])),...Object.fromEntries(["refused","closed","drained","not told","no key","fallback"].map(e=>[e,"warning"])),failed:"critical",unknown:"notice"};function ri(e,t){return void 0===t?"added":"[redacted]"===e?"hidden":[...t,t.join(", "),t.join("; ")].includes(e)?"entered":"changed"}const ai=new Set(["circuit-breaking","health-checks","load-balancing","unreachable-targets","target-discovery","draining"]);function ui({rehearsal:e,at:t,links:n,again:i}){const{outcome:{upstream:l,forwards:o},route:s,unknown:r}=e,{kind:a,what:u,by:c}=function({decisions:e,outcome:{status:t,code:n,location:i,target:l,forwards:o},unknown:s}){const r=e.findLast(({verdict:e})=>oi.has(e))?.by;if(void 0!==o){const{method:e,path:t}=o;return{kind:s.length>0?"notice":"good",what:`${e} ${URL.parse(l)?.origin??l}${t}`,by:void 0}}return void 0!==n?{kind:t>=500?"critical":"warning",what:`${t} ${n}`,by:r}:{kind:"good",what:void 0===i?String(t):`${t} ${i}`,by:r}}(e);return nt`
    <section class="card outcome ${a}" aria-label="Outcome">
      ${r.length>0&&nt`<p class="banner"><${Xt} kind="notice">Not certain<//>
        ${" "}A rehearsal cannot tell what ${r.join(" and ")} will decide. If the request is admitted:</p>`}
      <p role="status" class="what">
        <${Xt} kind=${a}><span class="hidden">Outcome: </span><span class="break">→ ${u}</span><//>
      </p>
      <p class="facts">
        ${void 0!==c&&nt`<span>by <strong>${c}</strong></span>`}
        <span>${void 0===s?"no route fits":nt`route <${li} to="routes" item=${s} links=${n} />`}</span>
        ${void 0!==l&&nt`<span>upstream <${li} to="upstreams" item=${l} links=${n} /></span>`}
        ${void 0===o&&nt`<span>nothing would be sent to a service</span>`}
        <span class="dim">with the state of <${ci} key=${t} at=${t} /></span>
        <button type="button" class="quiet" onClick=${i}>Explain again</button>
      </p>
    </section>`}function ci({at:e}){const t=re(e);return 0===t.current&&(t.current=ut.value),0===t.current?"now":nt`<${pn} time=${t.current} />`}function di({answer:{asked:e,rehearsal:t,at:n},links:i,again:l}){const{generation:o}=ct.value??{},{value:s}=sn(void 0===o?void 0:"/config",{after:o}),{candidates:r,decisions:a,outcome:u}=t,c=void 0!==u.forwards,d=nt`<${ni} key="commands" asked=${e} config=${s} />`;return nt`
    <${ui} rehearsal=${t} at=${n} links=${i} again=${l} />
    <div class="columns explained">
      <div>
        <section class="card" aria-labelledby="routes-title">
          <h2 id="routes-title">Routes whose path fits</h2>
          <${Tn} caption="Routes" columns=${function(e){return[{name:"route",title:"Route",cell:({route:t})=>nt`<${li} to="routes" item=${t} links=${e} />`},{name:"verdict",title:"Verdict",cell:mi},{name:"why",title:"Why",cell:$i}]}(i)} rows=${vi(r)} keyOf=${_i}
            empty="No route of the configuration has this path." />
        </section>
        <section class="card" aria-labelledby="decisions-title">
          <h2 id="decisions-title">Decisions, in order</h2>
          <${Tn} caption="Decisions" columns=${function(e,t,n){const i=i=>{const{view:l,item:o,parameters:s}=function({by:e},{upstream:t},n={}){return"rate-limiting"===n[e]?.plugin?{view:"limits",parameters:{filter:e}}:void 0!==t&&ai.has(e)?{view:"upstreams",item:t}:void 0}(i,e,t?.policies)??{};return n.includes(l)?nt`<a class="by" href=${Vt(l,s,o)}>${i.by}</a>`:nt`<span class="by">${i.by}</span>`};return[{name:"by",title:"By",cell:i},{name:"verdict",title:"Verdict",cell:mi},{name:"why",title:"Why",cell:$i}]}(u,s,i)} rows=${vi(a)} keyOf=${_i}
            empty="Nothing had to be decided." />
        </section>
        ${c&&d}
      </div>
      <div>${c?nt`<${fi} rehearsal=${t} asked=${e} />`:d}</div>
    </div>`}function fi({rehearsal:{outcome:{forwards:e}},asked:t}){return nt`
    <section class="card" aria-labelledby="sent-title">
      <h2 id="sent-title">What would be sent</h2>
      <p class="mono break">${e.method} ${e.path}</p>
      <${Tn} caption="Header fields" columns=${pi} rows=${function({headers:e},t){const n=Jn(t),i=Map.groupBy(n.map(e=>[Kn(e).toLowerCase(),Zn(e)]),([e])=>e),l=[];for(let t=0;t+1<e.length;t+=2){const[n,o]=[e[t],e[t+1]],s=i.get(n.toLowerCase())?.map(([,e])=>e);l.push({name:n,value:o,origin:ri(o,s)})}const o=new Set(l.map(({name:e})=>e.toLowerCase())),s=[...i.keys()].filter(e=>!o.has(e)).map(e=>({name:e,value:void 0,origin:"dropped"}));return[...l,...s].map((e,t)=>({...e,id:String(t)}))}(e,t.headers)} keyOf=${({id:e})=>e} />
    </section>`}const pi=[{name:"name",title:"Field",cell:function(e){return nt`<span class="mono whole">${e.name}</span><div class="below"><${hi} ...${e} /></div>`}},{name:"origin",title:"Origin",minor:!0,hint:"Compared with what was entered",cell:hi},{name:"value",title:"Value",cell:function({origin:e,value:t}){return"dropped"===e?nt`<span class="dim">–</span>`:nt`<span class="mono break">${t}</span>`}}];function hi({origin:e}){return"entered"===e?nt`<span class="dim whole">as entered</span>`:"hidden"===e?nt`<span class="dim whole">not shown</span>`:"dropped"===e?nt`<${Xt} kind="off">not sent<//>`:nt`<${Xt} kind=${"added"===e?"notice":"warning"}>${e}<//>`}function mi({verdict:e}){return nt`<${Xt} kind=${function(e){return si[e]??"off"}(e)}>${e}<//>`}function $i({why:e}){return nt`<span class="break">${e}</span>`}function vi(e){return e.map((e,t)=>({...e,id:String(t)}))}function _i({id:e}){return e}const gi=["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"];function yi({form:e,wrong:t,onChange:n,onSubmit:i}){const{method:l,url:o,ip:s,headers:r}=e,a=e=>{e.preventDefault(),i()},u=e=>({id:`explain-${e}`,name:e,autocomplete:"off",autocapitalize:"off",spellcheck:!1,"aria-invalid":t?.name===e?"true":void 0,"aria-describedby":t?.name===e?`explain-${e}-problem`:void 0});return nt`
    <form class="card rehearsed" onSubmit=${a}>
      <${bi} name="method" label="Method" wrong=${t}>
        <input ...${u("method")} class="mono" list="explain-methods" required value=${l}
          onInput=${({currentTarget:{value:e}})=>n({method:e.toUpperCase()})} />
        <datalist id="explain-methods">${gi.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>
      <//>
      <${bi} name="url" label="Path or URL" wrong=${t}>
        <input ...${u("url")} class="mono" required placeholder="/users/1" value=${o}
          onInput=${({currentTarget:{value:e}})=>n({url:e})} />
      <//>
      <${bi} name="ip" label="Address of the client" wrong=${t}>
        <input ...${u("ip")} class="mono" placeholder="127.0.0.1" value=${s}
          onInput=${({currentTarget:{value:e}})=>n({ip:e})} />
      <//>
      <button type="submit" class="primary">Explain</button>
      <${bi} name="header" label="Header fields, one a line" wrong=${t}>
        <textarea ...${u("header")} class="mono" rows=${Math.min(8,Math.max(2,Jn(r).length+1))} value=${r}
          placeholder="accept: application/json" onKeyDown=${e=>{"Enter"===e.key&&(e.ctrlKey||e.metaKey)&&a(e)}}
          onInput=${({currentTarget:{value:e}})=>n({headers:e})}></textarea>
      <//>
      <${wi} form=${e} onChange=${n} />
    </form>`}function bi({name:e,label:t,wrong:n,children:i}){return nt`
    <div class="field ${e}">
      <label for=${`explain-${e}`}>${t}</label>
      ${i}
      ${n?.name===e&&nt`<p class="problem" role="alert" id=${`explain-${e}-problem`}>${n.text}</p>`}
    </div>`}function wi({form:e,onChange:t}){const{leftOut:n,withSecrets:i}=e,l=Yn(e);return 0===l.length&&""===n?null:nt`
    <div class="secrets">
      ${0===l.length?nt`<p>The link leaves out: ${n}. Enter it where it counts.</p>`:nt`
        <p>${i?`The address of this page has ${l.join(", ")}: who gets the link can use it.`:`Not in the address of this page: ${l.join(", ")}.`}</p>
        <label><input type="checkbox" checked=${i}
          onChange=${({currentTarget:{checked:e}})=>t({withSecrets:e})} /> Put this into it all the same</label>`}
    </div>`}function ki({rows:e,onReset:t}){const n=[{name:"key",title:"Key",by:({key:e})=>e,cell:({key:e})=>nt`<span class="mono break">${e}</span>`},{name:"policy",title:"Policy",by:({policy:e})=>e,cell:xi},{name:"state",title:"State",by:({limited:e})=>e?0:1,cell:Si},{name:"left",title:"Left",number:!0,by:({left:e})=>e,cell:({left:e})=>e},{name:"free",title:"Next request in",number:!0,by:({freeAt:e})=>e,cell:Ti},{name:"full",title:"All units in",number:!0,minor:!0,by:({fullAt:e})=>e,cell:Mi},...Ct.value?[{name:"reset",title:"Change",cell:e=>nt`<${Pi} row=${e} onReset=${t} />`}]:[]];return nt`<${Tn} caption="Limited keys" columns=${n} rows=${e} keyOf=${({id:e})=>e} empty="No key is limited." />`}function xi({policy:e,tier:t}){return nt`${e}${void 0!==t&&nt` <span class="tag">${t}</span>`}`}function Si({limited:e,seen:t}){return e?nt`<${Xt} kind="warning">limited<//>`:nt`<${Xt} kind="off">limited <${pn} time=${t} /><//>`}function Ti({limited:e,freeAt:t}){return e?nt`<${hn} time=${t} />`:"now"}function Mi({limited:e,fullAt:t}){return e?nt`<${hn} time=${t} />`:nt`<span class="dim">–</span>`}function Pi({row:e,onReset:t}){const{key:n,policy:i,resettable:l}=e;return l?nt`<button type="button" class="quiet" aria-label=${`Reset ${n} of ${i}`} onClick=${()=>t(e)}>Reset</button>`:nt`<span class="dim" title="It counts requests in progress: a place is free when a request ends.">–</span>`}const qi=mt("policies"),Ci=[{name:"policy",title:"Policy",cell:({policy:e})=>e},{name:"limit",title:"Limit",cell:function({limits:e}){return nt`${e.map(({tier:e,limits:t})=>nt`
    <div key=${e}>${void 0!==e&&nt`<span class="tag">${e}</span> `}${t.map(Oi).join(" and ")}</div>`)}`}},{name:"algorithm",title:"Algorithm",minor:!0,cell:({algorithm:e})=>e},{name:"mode",title:"Mode",cell:function({mode:e,store:t}){if(!1===t?.up)return nt`<${Xt} kind="critical">the store does not respond<//>`;const n=void 0===t?"":`, shared by ${Ft(t.gateways,"gateway")}`;return"enforce"===e?`enforced${n}`:nt`<${Xt} kind="notice">${e}${n}<//>`}},{name:"keys",title:"Keys",number:!0,cell:({keys:e})=>Dt(e)},{name:"limited",title:"Rejected",number:!0,hint:"Requests per second in the last ten seconds",cell:function({rate:e}){return nt`${Dt(e)}<span class="unit">/s</span>`}},{name:"total",title:"In all",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)}];function Ei({policies:e}){const t=e.map(e=>({...e,...qi.value[e.policy]&&{rate:qi.value[e.policy].limited,total:qi.value[e.policy].total}}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Tn} caption="Rate-limiting policies" columns=${Ci} rows=${t} keyOf=${({policy:e})=>e} />
    </section>`}const Ri={1e3:"second",6e4:"minute",36e5:"hour",864e5:"day"};function Oi({atOnce:e,limit:t,windowMs:n}){return void 0===t?`${e} in progress`:`${t} per ${Ri[n]??Ut(n)}, ${e} at once`}function Ai(e,{key:t,tier:n=""}){return JSON.stringify([e,n,t])}function Di({row:{policy:e,key:t},onClose:n}){return nt`
    <${Dn} title=${`Reset ${t} of ${e}`} confirm="Reset" change=${async({reason:n})=>{const{reset:i}=await lt(`/limits/reset?${new URLSearchParams({policy:e,key:t,reason:n})}`,{method:"POST"});tn(`${Ft(i,"key")} of ${e} reset.`)}} onClose=${n}>
      <p>All units of the limit are available again, in all threads and at once.</p>
      <${jn} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}const ji="u-off",Li="u-label",Ni="width",Wi="height",Ii="top",Ui="bottom",zi="left",Hi="right",Fi="#000",Gi=Fi+"0",Bi="mousemove",Vi="mousedown",Yi="mouseup",Ji="mouseenter",Ki="mouseleave",Zi="dblclick",Xi="change",Qi="dppxchange",el="--",tl="undefined"!=typeof window,nl=tl?document:null,il=tl?window:null,ll=tl?navigator:null;let ol,sl;function rl(e,t){if(null!=t){let n=e.classList;!n.contains(t)&&n.add(t)}}function al(e,t){let n=e.classList;n.contains(t)&&n.remove(t)}function ul(e,t,n){e.style[t]=n+"px"}function cl(e,t,n,i){let l=nl.createElement(e);return null!=t&&rl(l,t),null!=n&&n.insertBefore(l,i),l}function dl(e,t){return cl("div",e,t)}const fl=new WeakMap;function pl(e,t,n,i,l){let o="translate("+t+"px,"+n+"px)";o!=fl.get(e)&&(e.style.transform=o,fl.set(e,o),t<0||n<0||t>i||n>l?rl(e,ji):al(e,ji))}const hl=new WeakMap;function ml(e,t,n){let i=t+n;i!=hl.get(e)&&(hl.set(e,i),e.style.background=t,e.style.borderColor=n)}const $l=new WeakMap;function vl(e,t,n,i){let l=t+""+n;l!=$l.get(e)&&($l.set(e,l),e.style.height=n+"px",e.style.width=t+"px",e.style.marginLeft=i?-t/2+"px":0,e.style.marginTop=i?-n/2+"px":0)}const _l={passive:!0},gl={..._l,capture:!0};function yl(e,t,n,i){t.addEventListener(e,n,i?gl:_l)}function bl(e,t,n,i){t.removeEventListener(e,n,_l)}function wl(e,t,n,i){let l;n=n||0;let o=(i=i||t.length-1)<=2147483647;for(;i-n>1;)l=o?n+i>>1:Ul((n+i)/2),t[l]<e?n=l:i=l;return e-t[n]<=t[i]-e?n:i}function kl(e){return(t,n,i)=>{let l=-1,o=-1;for(let o=n;o<=i;o++)if(e(t[o])){l=o;break}for(let l=i;l>=n;l--)if(e(t[l])){o=l;break}return[l,o]}}tl&&function e(){let t=devicePixelRatio;ol!=t&&(ol=t,sl&&bl(Xi,sl,e),sl=matchMedia(`(min-resolution: ${ol-.001}dppx) and (max-resolution: ${ol+.001}dppx)`),yl(Xi,sl,e),il.dispatchEvent(new CustomEvent(Qi)))}();const xl=e=>null!=e,Sl=e=>null!=e&&e>0,Tl=kl(xl),Ml=kl(Sl);function Pl(e,t,n,i){let l=Vl(e),o=Vl(t);e==t&&(-1==l?(e*=n,t/=n):(e/=n,t*=n));let s=10==n?Yl:Jl,r=1==o?Hl:Ul,a=(1==l?Ul:Hl)(s(Il(e))),u=r(s(Il(t))),c=Bl(n,a),d=Bl(n,u);return 10==n&&(a<0&&(c=po(c,-a)),u<0&&(d=po(d,-u))),i||2==n?(e=c*l,t=d*o):(e=fo(e,c),t=co(t,d)),[e,t]}function ql(e,t,n,i){let l=Pl(e,t,n,i);return 0==e&&(l[0]=0),0==t&&(l[1]=0),l}const Cl={mode:3,pad:.1},El={pad:0,soft:null,mode:0},Rl={min:El,max:El};function Ol(e,t,n,i){return ko(n)?Dl(e,t,n):(El.pad=n,El.soft=i?0:null,El.mode=i?3:0,Dl(e,t,Rl))}function Al(e,t){return e??t}function Dl(e,t,n){let i=n.min,l=n.max,o=Al(i.pad,0),s=Al(l.pad,0),r=Al(i.hard,-Zl),a=Al(l.hard,Zl),u=Al(i.soft,Zl),c=Al(l.soft,-Zl),d=Al(i.mode,0),f=Al(l.mode,0),p=t-e,h=Yl(p),m=Gl(Il(e),Il(t)),$=Yl(m),v=Il($-h);(p<1e-24||v>10)&&(p=0,0!=e&&0!=t||(p=1e-24,2==d&&u!=Zl&&(o=0),2==f&&c!=-Zl&&(s=0)));let _=p||m||1e3,g=Yl(_),y=Bl(10,Ul(g)),b=po(fo(e-_*(0==p?0==e?.1:1:o),y/10),24),w=e>=u&&(1==d||3==d&&b<=u||2==d&&b>=u)?u:Zl,k=Gl(r,b<w&&e>=w?w:Fl(w,b)),x=po(co(t+_*(0==p?0==t?.1:1:s),y/10),24),S=t<=c&&(1==f||3==f&&x>=c||2==f&&x<=c)?c:-Zl,T=Fl(a,x>S&&t<=S?S:Gl(S,x));return k==T&&0==k&&(T=100),[k,T]}const jl=new Intl.NumberFormat(tl?ll.language:"en-US"),Ll=e=>jl.format(e),Nl=Math,Wl=Nl.PI,Il=Nl.abs,Ul=Nl.floor,zl=Nl.round,Hl=Nl.ceil,Fl=Nl.min,Gl=Nl.max,Bl=Nl.pow,Vl=Nl.sign,Yl=Nl.log10,Jl=Nl.log2,Kl=(e,t=1)=>Nl.asinh(e/t),Zl=1/0;function Xl(e){return 1+(0|Yl((e^e>>31)-(e>>31)))}function Ql(e,t,n){return Fl(Gl(e,t),n)}function eo(e){return"function"==typeof e}function to(e){return eo(e)?e:()=>e}const no=e=>e,io=(e,t)=>t,lo=e=>null,oo=e=>!0,so=(e,t)=>e==t,ro=/\.\d*?(?=9{6,}|0{6,})/gm,ao=e=>{if(bo(e)||ho.has(e))return e;const t=`${e}`,n=t.match(ro);if(null==n)return e;let i=n[0].length-1;if(-1!=t.indexOf("e-")){let[e,n]=t.split("e");return+`${ao(e)}e${n}`}return po(e,i)};function uo(e,t){return ao(po(ao(e/t))*t)}function co(e,t){return ao(Hl(ao(e/t))*t)}function fo(e,t){return ao(Ul(ao(e/t))*t)}function po(e,t=0){if(bo(e))return e;let n=10**t,i=e*n*(1+Number.EPSILON);return zl(i)/n}const ho=new Map;function mo(e){return((""+e).split(".")[1]||"").length}function $o(e,t,n,i){let l=[],o=i.map(mo);for(let s=t;s<n;s++){let t=Il(s),n=po(Bl(e,s),t);for(let r=0;r<i.length;r++){let a=10==e?+`${i[r]}e${s}`:i[r]*n,u=(s>=0?0:t)+(s>=o[r]?0:o[r]),c=10==e?a:po(a,u);l.push(c),ho.set(c,u)}}return l}const vo={},_o=[],go=[null,null],yo=Array.isArray,bo=Number.isInteger;function wo(e){return"string"==typeof e}function ko(e){let t=!1;if(null!=e){let n=e.constructor;t=null==n||n==Object}return t}function xo(e){return null!=e&&"object"==typeof e}const So=Object.getPrototypeOf(Uint8Array),To="__proto__";function Mo(e,t=ko){let n;if(yo(e)){let i=e.find(e=>null!=e);if(yo(i)||t(i)){n=Array(e.length);for(let i=0;i<e.length;i++)n[i]=Mo(e[i],t)}else n=e.slice()}else if(e instanceof So)n=e.slice();else if(t(e)){n={};for(let i in e)i!=To&&(n[i]=Mo(e[i],t))}else n=e;return n}function Po(e){let t=arguments;for(let n=1;n<t.length;n++){let i=t[n];for(let t in i)t!=To&&(ko(e[t])?Po(e[t],Mo(i[t])):e[t]=Mo(i[t]))}return e}function qo(e,t,n){for(let i,l=0,o=-1;l<t.length;l++){let s=t[l];if(s>o){for(i=s-1;i>=0&&null==e[i];)e[i--]=null;for(i=s+1;i<n&&null==e[i];)e[o=i++]=null}}}const Co="undefined"==typeof queueMicrotask?e=>Promise.resolve().then(e):queueMicrotask;const Eo=["January","February","March","April","May","June","July","August","September","October","November","December"],Ro=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Oo(e){return e.slice(0,3)}const Ao=Ro.map(Oo),Do=Eo.map(Oo),jo={MMMM:Eo,MMM:Do,WWWW:Ro,WWW:Ao};function Lo(e){return(e<10?"0":"")+e}const No={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>Lo(e.getMonth()+1),M:e=>e.getMonth()+1,DD:e=>Lo(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>Lo(e.getHours()),H:e=>e.getHours(),h:e=>{let t=e.getHours();return 0==t?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>Lo(e.getMinutes()),m:e=>e.getMinutes(),ss:e=>Lo(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>{return((t=e.getMilliseconds())<10?"00":t<100?"0":"")+t;var t}};function Wo(e,t){t=t||jo;let n,i=[],l=/\{([a-z]+)\}|[^{]+/gi;for(;n=l.exec(e);)i.push("{"==n[0][0]?No[n[1]]:n[0]);return e=>{let n="";for(let l=0;l<i.length;l++)n+="string"==typeof i[l]?i[l]:i[l](e,t);return n}}const Io=(new Intl.DateTimeFormat).resolvedOptions().timeZone;const Uo=e=>e%1==0,zo=[1,2,2.5,5],Ho=$o(10,-32,0,zo),Fo=$o(10,0,32,zo),Go=Fo.filter(Uo),Bo=Ho.concat(Fo),Vo="{YYYY}",Yo="\n"+Vo,Jo="{M}/{D}",Ko="\n"+Jo,Zo=Ko+"/{YY}",Xo="{aa}",Qo="{h}:{mm}"+Xo,es="\n"+Qo,ts=":{ss}",ns=null;function is(e){let t=1e3*e,n=60*t,i=60*n,l=24*i,o=30*l,s=365*l;return[(1==e?$o(10,0,3,zo).filter(Uo):$o(10,-3,0,zo)).concat([t,5*t,10*t,15*t,30*t,n,5*n,10*n,15*n,30*n,i,2*i,3*i,4*i,6*i,8*i,12*i,l,2*l,3*l,4*l,5*l,6*l,7*l,8*l,9*l,10*l,15*l,o,2*o,3*o,4*o,6*o,s,2*s,5*s,10*s,25*s,50*s,100*s]),[[s,Vo,ns,ns,ns,ns,ns,ns,1],[28*l,"{MMM}",Yo,ns,ns,ns,ns,ns,1],[l,Jo,Yo,ns,ns,ns,ns,ns,1],[i,"{h}"+Xo,Zo,ns,Ko,ns,ns,ns,1],[n,Qo,Zo,ns,Ko,ns,ns,ns,1],[t,ts,Zo+" "+Qo,ns,Ko+" "+Qo,ns,es,ns,1],[e,ts+".{fff}",Zo+" "+Qo,ns,Ko+" "+Qo,ns,es,ns,1]],function(t){return(r,a,u,c,d,f)=>{let p=[],h=d>=s,m=d>=o&&d<s,$=t(u),v=po($*e,3),_=fs($.getFullYear(),h?0:$.getMonth(),m||h?1:$.getDate()),g=po(_*e,3);if(m||h){let n=m?d/o:0,i=h?d/s:0,l=v==g?v:po(fs(_.getFullYear()+i,_.getMonth()+n,1)*e,3),r=new Date(zl(l/e)),a=r.getFullYear(),u=r.getMonth();for(let o=0;l<=c;o++){let s=fs(a+i*o,u+n*o,1),r=s-t(po(s*e,3));l=po((+s+r)*e,3),l<=c&&p.push(l)}}else{let o=d>=l?l:d,s=g+(Ul(u)-Ul(v))+co(v-g,o);p.push(s);let h=t(s),m=h.getHours()+h.getMinutes()/n+h.getSeconds()/i,$=d/i,_=f/r.axes[a]._space;for(;s=po(s+d,1==e?0:3),!(s>c);)if($>1){let e=Ul(po(m+$,6))%24,n=t(s).getHours()-e;n>1&&(n=-1),s-=n*i,m=(m+$)%24,po((s-p[p.length-1])/d,3)*_>=.7&&p.push(s)}else p.push(s)}return p}}]}const[ls,os,ss]=is(1),[rs,as,us]=is(.001);function cs(e,t){return e.map(e=>e.map((n,i)=>0==i||8==i||null==n?n:t(1==i||0==e[8]?n:e[1]+n)))}function ds(e,t){return(n,i,l,o,s)=>{let r,a,u,c,d,f,p=t.find(e=>s>=e[0])||t[t.length-1];return i.map(t=>{let n=e(t),i=n.getFullYear(),l=n.getMonth(),o=n.getDate(),s=n.getHours(),h=n.getMinutes(),m=n.getSeconds(),$=i!=r&&p[2]||l!=a&&p[3]||o!=u&&p[4]||s!=c&&p[5]||h!=d&&p[6]||m!=f&&p[7]||p[1];return r=i,a=l,u=o,c=s,d=h,f=m,$(n)})}}function fs(e,t,n){return new Date(e,t,n)}function ps(e,t){return t(e)}$o(2,-53,53,[1]);function hs(e,t){return(n,i,l,o)=>null==o?el:t(e(i))}const ms={show:!0,live:!0,isolate:!1,mount:()=>{},markers:{show:!0,width:2,stroke:function(e,t){let n=e.series[t];return n.width?n.stroke(e,t):n.points.width?n.points.stroke(e,t):null},fill:function(e,t){return e.series[t].fill(e,t)},dash:"solid"},idx:null,idxs:null,values:[]};const $s=[0,0];function vs(e,t,n,i=!0){return e=>{0==e.button&&(!i||e.target==t)&&n(e)}}function _s(e,t,n,i=!0){return e=>{(!i||e.target==t)&&n(e)}}const gs={show:!0,x:!0,y:!0,lock:!1,move:function(e,t,n){return $s[0]=t,$s[1]=n,$s},points:{one:!1,show:function(e,t){let n=e.cursor.points,i=dl(),l=n.size(e,t);ul(i,Ni,l),ul(i,Wi,l);let o=l/-2;ul(i,"marginLeft",o),ul(i,"marginTop",o);let s=n.width(e,t,l);return s&&ul(i,"borderWidth",s),i},size:function(e,t){return e.series[t].points.size},width:0,stroke:function(e,t){let n=e.series[t].points;return n._stroke||n._fill},fill:function(e,t){let n=e.series[t].points;return n._fill||n._stroke}},bind:{mousedown:vs,mouseup:vs,click:vs,dblclick:vs,mousemove:_s,mouseleave:_s,mouseenter:_s},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(e,t,n,i,l)=>i-l,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},ys={show:!0,stroke:"rgba(0,0,0,0.07)",width:2},bs=Po({},ys,{filter:io}),ws=Po({},bs,{size:10}),ks=Po({},ys,{show:!1}),xs='12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',Ss="bold "+xs,Ts={show:!0,scale:"x",stroke:Fi,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ss,side:2,grid:bs,ticks:ws,border:ks,font:xs,lineGap:1.5,rotate:0},Ms={show:!0,scale:"x",auto:!1,sorted:1,min:Zl,max:-Zl,idxs:[]};function Ps(e,t,n,i,l){return t.map(e=>null==e?"":Ll(e))}function qs(e,t,n,i,l,o,s){let r=[],a=ho.get(l)||0;for(let e=n=s?n:po(co(n,l),a);e<=i;e=po(e+l,a))r.push(Object.is(e,-0)?0:e);return r}function Cs(e,t,n,i,l,o,s){const r=[],a=e.scales[e.axes[t].scale].log,u=Ul((10==a?Yl:Jl)(n));l=Bl(a,u),10==a&&(l=Bo[wl(l,Bo)]);let c=n,d=l*a;10==a&&(d=Bo[wl(d,Bo)]);do{r.push(c),c+=l,10!=a||ho.has(c)||(c=po(c,ho.get(l))),c>=d&&(d=(l=c)*a,10==a&&(d=Bo[wl(d,Bo)]))}while(c<=i);return r}function Es(e,t,n,i,l,o,s){let r=e.scales[e.axes[t].scale].asinh,a=i>r?Cs(e,t,Gl(r,n),i,l):[r],u=i>=0&&n<=0?[0]:[];return(n<-r?Cs(e,t,Gl(r,-i),-n,l):[r]).reverse().map(e=>-e).concat(u,a)}const Rs=/./,Os=/[12357]/,As=/[125]/,Ds=/1/,js=(e,t,n,i)=>e.map((e,l)=>4==t&&0==e||l%i==0&&n.test(e.toExponential()[e<0?1:0])?e:null);function Ls(e,t,n,i,l){let o=e.axes[n],s=o.scale,r=e.scales[s],a=e.valToPos,u=o._space,c=a(10,s),d=a(9,s)-c>=u?Rs:a(7,s)-c>=u?Os:a(5,s)-c>=u?As:Ds;if(d==Ds){let e=Il(a(1,s)-c);if(e<u)return js(t.slice().reverse(),r.distr,d,Hl(u/e)).reverse()}return js(t,r.distr,d,1)}function Ns(e,t,n,i,l){let o=e.axes[n],s=o.scale,r=o._space,a=e.valToPos,u=Il(a(1,s)-a(2,s));return u<r?js(t.slice().reverse(),3,Rs,Hl(r/u)).reverse():t}function Ws(e,t,n,i){return null==i?el:null==t?"":Ll(t)}const Is={show:!0,scale:"y",stroke:Fi,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Ss,side:3,grid:bs,ticks:ws,border:ks,font:xs,lineGap:1.5,rotate:0};const Us={scale:null,auto:!0,sorted:0,min:Zl,max:-Zl},zs=(e,t,n,i,l)=>l,Hs={show:!0,auto:!0,sorted:0,gaps:zs,alpha:1,facets:[Po({},Us,{scale:"x"}),Po({},Us,{scale:"y"})]},Fs={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:zs,alpha:1,points:{show:function(e,t){let{scale:n,idxs:i}=e.series[0],l=e._data[0],o=e.valToPos(l[i[0]],n,!0),s=e.valToPos(l[i[1]],n,!0),r=Il(s-o)/(e.series[t].points.space*ol);return i[1]-i[0]<=r},filter:null},values:null,min:Zl,max:-Zl,idxs:[],path:null,clip:null};function Gs(e,t,n,i,l){return n/10}const Bs={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Vs=Po({},Bs,{time:!1,ori:1}),Ys={};function Js(e,t){let n=Ys[e];return n||(n={key:e,plots:[],sub(e){n.plots.push(e)},unsub(e){n.plots=n.plots.filter(t=>t!=e)},pub(e,t,i,l,o,s,r){for(let a=0;a<n.plots.length;a++)n.plots[a]!=t&&n.plots[a].pub(e,t,i,l,o,s,r)}},null!=e&&(Ys[e]=n)),n}function Ks(e,t,n){const i=e.mode,l=e.series[t],o=2==i?e._data[t]:e._data,s=e.scales,r=e.bbox;let a=o[0],u=2==i?o[1]:o[t],c=2==i?s[l.facets[0].scale]:s[e.series[0].scale],d=2==i?s[l.facets[1].scale]:s[l.scale],f=r.left,p=r.top,h=r.width,m=r.height,$=e.valToPosH,v=e.valToPosV;return 0==c.ori?n(l,a,u,c,d,$,v,f,p,h,m,lr,sr,ar,cr,fr):n(l,a,u,c,d,v,$,p,f,m,h,or,rr,ur,dr,pr)}function Zs(e,t){let n=0,i=0,l=Al(e.bands,_o);for(let e=0;e<l.length;e++){let o=l[e];o.series[0]==t?n=o.dir:o.series[1]==t&&(1==o.dir?i|=1:i|=2)}return[n,1==i?-1:2==i?1:3==i?2:0]}function Xs(e,t,n,i,l){let o=e.mode,s=e.series[t],r=2==o?s.facets[1].scale:s.scale,a=e.scales[r];return-1==l?a.min:1==l?a.max:3==a.distr?1==a.dir?a.min:a.max:0}function Qs(e,t,n,i,l,o){return Ks(e,t,(e,t,s,r,a,u,c,d,f,p,h)=>{let m=e.pxRound;const $=r.dir*(0==r.ori?1:-1),v=0==r.ori?sr:rr;let _,g;1==$?(_=n,g=i):(_=i,g=n);let y=m(u(t[_],r,p,d)),b=m(c(s[_],a,h,f)),w=m(u(t[g],r,p,d)),k=m(c(1==o?a.max:a.min,a,h,f)),x=new Path2D(l);return v(x,w,k),v(x,y,k),v(x,y,b),x})}function er(e,t,n,i,l,o){let s=null;if(e.length>0){s=new Path2D;const r=0==t?ar:ur;let a=n;for(let t=0;t<e.length;t++){let n=e[t];if(n[1]>n[0]){let e=n[0]-a;e>0&&r(s,a,i,e,i+o),a=n[1]}}let u=n+l-a,c=10;u>0&&r(s,a,i-c/2,u,i+o+c)}return s}function tr(e,t,n,i,l,o,s){let r=[],a=e.length;for(let u=1==l?n:i;u>=n&&u<=i;u+=l){if(null===t[u]){let c=u,d=u;if(1==l)for(;++u<=i&&null===t[u];)d=u;else for(;--u>=n&&null===t[u];)d=u;let f=o(e[c]),p=d==c?f:o(e[d]),h=c-l;f=s<=0&&h>=0&&h<a?o(e[h]):f;let m=d+l;p=s>=0&&m>=0&&m<a?o(e[m]):p,p>=f&&r.push([f,p])}}return r}function nr(e){return 0==e?no:1==e?zl:t=>uo(t,e)}function ir(e){let t=0==e?lr:or,n=0==e?(e,t,n,i,l,o)=>{e.arcTo(t,n,i,l,o)}:(e,t,n,i,l,o)=>{e.arcTo(n,t,l,i,o)},i=0==e?(e,t,n,i,l)=>{e.rect(t,n,i,l)}:(e,t,n,i,l)=>{e.rect(n,t,l,i)};return(e,l,o,s,r,a=0,u=0)=>{0==a&&0==u?i(e,l,o,s,r):(a=Fl(a,s/2,r/2),u=Fl(u,s/2,r/2),t(e,l+a,o),n(e,l+s,o,l+s,o+r,a),n(e,l+s,o+r,l,o+r,u),n(e,l,o+r,l,o,u),n(e,l,o,l+s,o,a),e.closePath())}}const lr=(e,t,n)=>{e.moveTo(t,n)},or=(e,t,n)=>{e.moveTo(n,t)},sr=(e,t,n)=>{e.lineTo(t,n)},rr=(e,t,n)=>{e.lineTo(n,t)},ar=ir(0),ur=ir(1),cr=(e,t,n,i,l,o)=>{e.arc(t,n,i,l,o)},dr=(e,t,n,i,l,o)=>{e.arc(n,t,i,l,o)},fr=(e,t,n,i,l,o,s)=>{e.bezierCurveTo(t,n,i,l,o,s)},pr=(e,t,n,i,l,o,s)=>{e.bezierCurveTo(n,t,l,i,s,o)};function hr(e){return(e,t,n,i,l)=>Ks(e,t,(t,o,s,r,a,u,c,d,f,p,h)=>{let m,$,{pxRound:v,points:_}=t;0==r.ori?(m=lr,$=cr):(m=or,$=dr);const g=po(_.width*ol,3);let y=(_.size-_.width)/2*ol,b=po(2*y,3),w=new Path2D,k=new Path2D,{left:x,top:S,width:T,height:M}=e.bbox;ar(k,x-b,S-b,T+2*b,M+2*b);const P=e=>{if(null!=s[e]){let t=v(u(o[e],r,p,d)),n=v(c(s[e],a,h,f));m(w,t+y,n),$(w,t,n,y,0,2*Wl)}};if(l)l.forEach(P);else for(let e=n;e<=i;e++)P(e);return{stroke:g>0?w:null,fill:w,clip:k,flags:3}})}function mr(e){return(t,n,i,l,o,s)=>{i!=l&&(o!=i&&s!=i&&e(t,n,i),o!=l&&s!=l&&e(t,n,l),e(t,n,s))}}const $r=mr(sr),vr=mr(rr);function _r(e){const t=Al(e?.alignGaps,0);return(e,n,i,l)=>Ks(e,n,(o,s,r,a,u,c,d,f,p,h,m)=>{[i,l]=Tl(r,i,l);let $,v,_=o.pxRound,g=e=>_(c(e,a,h,f)),y=e=>_(d(e,u,m,p));0==a.ori?($=sr,v=$r):($=rr,v=vr);const b=a.dir*(0==a.ori?1:-1),w={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},k=w.stroke;let x=!1;if(l-i>=4*h){let t,n,o,u=t=>e.posToVal(t,a.key,!0),c=null,d=null,f=g(s[1==b?i:l]),p=g(s[i]),h=g(s[l]),m=u(1==b?p+1:h-1);for(let e=1==b?i:l;e>=i&&e<=l;e+=b){let i=s[e],l=(1==b?i<m:i>m)?f:g(i),o=r[e];l==f?null!=o?(n=o,null==c?($(k,l,y(n)),t=c=d=n):n<c?c=n:n>d&&(d=n)):null===o&&(x=!0):(null!=c&&v(k,f,y(c),y(d),y(t),y(n)),null!=o?(n=o,$(k,l,y(n)),c=d=t=n):(c=d=null,null===o&&(x=!0)),f=l,m=u(f+b))}null!=c&&c!=d&&o!=f&&v(k,f,y(c),y(d),y(t),y(n))}else for(let e=1==b?i:l;e>=i&&e<=l;e+=b){let t=r[e];null===t?x=!0:null!=t&&$(k,g(s[e]),y(t))}let[S,T]=Zs(e,n);if(null!=o.fill||0!=S){let t=w.fill=new Path2D(k),r=y(o.fillTo(e,n,o.min,o.max,S)),a=g(s[i]),u=g(s[l]);-1==b&&([u,a]=[a,u]),$(t,u,r),$(t,a,r)}if(!o.spanGaps){let u=[];x&&u.push(...tr(s,r,i,l,b,g,t)),w.gaps=u=o.gaps(e,n,i,l,u),w.clip=er(u,a.ori,f,p,h,m)}return 0!=T&&(w.band=2==T?[Qs(e,n,i,l,k,-1),Qs(e,n,i,l,k,1)]:Qs(e,n,i,l,k,T)),w})}function gr(e,t,n,i,l,o,s=Zl){if(e.length>1){let r=null;for(let a=0,u=1/0;a<e.length;a++)if(void 0!==t[a]){if(null!=r){let t=Il(e[a]-e[r]);t<u&&(u=t,s=Il(n(e[a],i,l,o)-n(e[r],i,l,o)))}r=a}}return s}function yr(e,t,n,i,l,o){const s=e.length;if(s<2)return null;const r=new Path2D;if(n(r,e[0],t[0]),2==s)i(r,e[1],t[1]);else{let n=Array(s),i=Array(s-1),o=Array(s-1),a=Array(s-1);for(let n=0;n<s-1;n++)o[n]=t[n+1]-t[n],a[n]=e[n+1]-e[n],i[n]=o[n]/a[n];n[0]=i[0];for(let e=1;e<s-1;e++)0===i[e]||0===i[e-1]||i[e-1]>0!=i[e]>0?n[e]=0:(n[e]=3*(a[e-1]+a[e])/((2*a[e]+a[e-1])/i[e-1]+(a[e]+2*a[e-1])/i[e]),isFinite(n[e])||(n[e]=0));n[s-1]=i[s-2];for(let i=0;i<s-1;i++)l(r,e[i]+a[i]/3,t[i]+n[i]*a[i]/3,e[i+1]-a[i]/3,t[i+1]-n[i+1]*a[i]/3,e[i+1],t[i+1])}return r}const br=new Set;function wr(){for(let e of br)e.syncRect(!0)}tl&&(yl("resize",il,wr),yl("scroll",il,wr,!0),yl(Qi,il,()=>{Lr.pxRatio=ol}));const kr=_r(),xr=hr();function Sr(e,t,n,i){return(i?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((e,i)=>Tr(e,i,t,n))}function Tr(e,t,n,i){return Po({},0==t?n:i,e)}function Mr(e,t,n){return null==t?go:[t,n]}const Pr=Mr;function qr(e,t,n){return null==t?go:Ol(t,n,.1,!0)}function Cr(e,t,n,i){return null==t?go:Pl(t,n,e.scales[i].log,!1)}const Er=Cr;function Rr(e,t,n,i){return null==t?go:ql(t,n,e.scales[i].log,!1)}const Or=Rr;function Ar(e,t,n,i,l){let o=Gl(Xl(e),Xl(t)),s=t-e,r=wl(l/i*s,n);do{let e=n[r],t=i*e/s;if(t>=l&&o+(e<5?ho.get(e):0)<=17)return[e,t]}while(++r<n.length);return[0,0]}function Dr(e){let t,n;return[e=e.replace(/(\d+)px/,(e,i)=>(t=zl((n=+i)*ol))+"px"),t,n]}function jr(e){e.show&&[e.font,e.labelFont].forEach(e=>{let t=po(e[2]*ol,1);e[0]=e[0].replace(/[0-9.]+px/,t+"px"),e[1]=t})}function Lr(e,t,n){const i={mode:Al(e.mode,1)},l=i.mode;function o(e,t,n,i){let l=t.valToPct(e);return i+n*(-1==t.dir?1-l:l)}function s(e,t,n,i){let l=t.valToPct(e);return i+n*(-1==t.dir?l:1-l)}function r(e,t,n,i){return 0==t.ori?o(e,t,n,i):s(e,t,n,i)}i.valToPosH=o,i.valToPosV=s;let a=!1;i.status=0;const u=i.root=dl("uplot");if(null!=e.id&&(u.id=e.id),rl(u,e.class),e.title){dl("u-title",u).textContent=e.title}const c=cl("canvas"),d=i.ctx=c.getContext("2d"),f=dl("u-wrap",u);yl("click",f,e=>{if(e.target===h){(Pt!=xt||qt!=St)&&Nt.click(i,e)}},!0);const p=i.under=dl("u-under",f);f.appendChild(c);const h=i.over=dl("u-over",f),m=+Al((e=Mo(e)).pxAlign,1),$=nr(m);(e.plugins||[]).forEach(t=>{t.opts&&(e=t.opts(i,e)||e)});const v=e.ms||.001,_=i.series=1==l?Sr(e.series||[],Ms,Fs,!1):function(e,t){return e.map((e,n)=>0==n?{}:Po({},t,e))}(e.series||[null],Hs),g=i.axes=Sr(e.axes||[],Ts,Is,!0),y=i.scales={},b=i.bands=e.bands||[];b.forEach(e=>{e.fill=to(e.fill||null),e.dir=Al(e.dir,-1)});const w=2==l?_[1].facets[0].scale:_[0].scale,k={axes:function(){for(let e=0;e<g.length;e++){let t=g[e];if(!t.show||!t._show)continue;let n,l,o=t.side,s=o%2,a=t.stroke(i,e),u=0==o||3==o?-1:1,[c,f]=t._found;if(null!=t.label){let r=t.labelGap*u,p=zl((t._lpos+r)*ol);ot(t.labelFont[0],a,"center",2==o?Ii:Ui),d.save(),1==s?(n=l=0,d.translate(p,zl(he+$e/2)),d.rotate((3==o?-Wl:Wl)/2)):(n=zl(pe+me/2),l=p);let h=eo(t.label)?t.label(i,e,c,f):t.label;d.fillText(h,n,l),d.restore()}if(0==f)continue;let p=y[t.scale],h=0==s?me:$e,m=0==s?pe:he,v=t._splits,_=2==p.distr?v.map(e=>et[e]):v,b=2==p.distr?et[v[1]]-et[v[0]]:c,w=t.ticks,k=t.border,x=w.show?w.size:0,S=zl(x*ol),T=zl((2==t.alignTo?t._size-x-t.gap:t.gap)*ol),M=t._rotate*-Wl/180,P=$(t._pos*ol),q=P+(S+T)*u;l=0==s?q:0,n=1==s?q:0,ot(t.font[0],a,1==t.align?zi:2==t.align?Hi:M>0?zi:M<0?Hi:0==s?"center":3==o?Hi:zi,M||1==s?"middle":2==o?Ii:Ui);let C=t.font[1]*t.lineGap,E=v.map(e=>$(r(e,p,h,m))),R=t._values;for(let e=0;e<R.length;e++){let t=R[e];if(null!=t){0==s?n=E[e]:l=E[e],t=""+t;let i=-1==t.indexOf("\n")?[t]:t.split(/\n/gm);for(let e=0;e<i.length;e++){let t=i[e];M?(d.save(),d.translate(n,l+e*C),d.rotate(M),d.fillText(t,0,0),d.restore()):d.fillText(t,n,l+e*C)}}}w.show&&ht(E,w.filter(i,_,e,f,b),s,o,P,S,po(w.width*ol,3),w.stroke(i,e),w.dash,w.cap);let O=t.grid;O.show&&ht(E,O.filter(i,_,e,f,b),s,0==s?2:1,0==s?he:pe,0==s?$e:me,po(O.width*ol,3),O.stroke(i,e),O.dash,O.cap),k.show&&ht([P],[1],0==s?1:0,0==s?1:2,1==s?he:pe,1==s?$e:me,po(k.width*ol,3),k.stroke(i,e),k.dash,k.cap)}bn("drawAxes")},series:function(){if(Ie>0){let e=_.some(e=>e._focus)&&Qe!=Pe.alpha;e&&(d.globalAlpha=Qe=Pe.alpha),_.forEach((e,n)=>{if(n>0&&e.show&&(at(n,!1),at(n,!0),null==e._paths)){let o=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha);let s=2==l?[0,t[n][0].length-1]:function(e){let t=Ql(Ue-1,0,Ie-1),n=Ql(ze+1,0,Ie-1);for(;null==e[t]&&t>0;)t--;for(;null==e[n]&&n<Ie-1;)n++;return[t,n]}(t[n]);e._paths=e.paths(i,n,s[0],s[1]),Qe!=o&&(d.globalAlpha=Qe=o)}}),_.forEach((e,t)=>{if(t>0&&e.show){let n=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha),null!=e._paths&&ut(t,!1);{let n=null!=e._paths?e._paths.gaps:null,l=e.points.show(i,t,Ue,ze,n),o=e.points.filter(i,t,l,n);(l||o)&&(e.points._paths=e.points.paths(i,t,Ue,ze,o),ut(t,!0))}Qe!=n&&(d.globalAlpha=Qe=n),bn("drawSeries",t)}}),e&&(d.globalAlpha=Qe=1)}}},x=(e.drawOrder||["axes","series"]).map(e=>k[e]);function S(e){const t=3==e.distr?t=>Yl(t>0?t:e.clamp(i,t,e.min,e.max,e.key)):4==e.distr?t=>Kl(t,e.asinh):100==e.distr?t=>e.fwd(t):e=>e;return n=>{let i=t(n),{_min:l,_max:o}=e;return(i-l)/(o-l)}}function T(t){let n=y[t];if(null==n){let i=(e.scales||vo)[t]||vo;if(null!=i.from){T(i.from);let e=Po({},y[i.from],i,{key:t});e.valToPct=S(e),y[t]=e}else{n=y[t]=Po({},t==w?Bs:Vs,i),n.key=t;let e=n.time,o=n.range,s=yo(o);if((t!=w||2==l&&!e)&&(!s||null!=o[0]&&null!=o[1]||(o={min:null==o[0]?Cl:{mode:1,hard:o[0],soft:o[0]},max:null==o[1]?Cl:{mode:1,hard:o[1],soft:o[1]}},s=!1),!s&&ko(o))){let e=o;o=(t,n,i)=>null==n?go:Ol(n,i,e)}n.range=to(o||(e?Pr:t==w?3==n.distr?Er:4==n.distr?Or:Mr:3==n.distr?Cr:4==n.distr?Rr:qr)),n.auto=to(!s&&n.auto),n.clamp=to(n.clamp||Gs),n._min=n._max=null,n.valToPct=S(n)}}}T("x"),T("y"),1==l&&_.forEach(e=>{T(e.scale)}),g.forEach(e=>{T(e.scale)});for(let t in e.scales)T(t);const M=y[w],P=M.distr;let q,C;0==M.ori?(rl(u,"u-hz"),q=o,C=s):(rl(u,"u-vt"),q=s,C=o);const E={};for(let e in y){let t=y[e];null==t.min&&null==t.max||(E[e]={min:t.min,max:t.max},t.min=t.max=null)}const R=e.tzDate||(e=>new Date(zl(e/v))),O=e.fmtDate||Wo,A=1==v?ss(R):us(R),D=ds(R,cs(1==v?os:as,O)),j=hs(R,ps("{YYYY}-{MM}-{DD} {h}:{mm}{aa}",O)),L=[],N=i.legend=Po({},ms,e.legend),W=i.cursor=Po({},gs,{drag:{y:2==l}},e.cursor),I=N.show,U=W.show,z=N.markers;let H,F,G;N.idxs=L,z.width=to(z.width),z.dash=to(z.dash),z.stroke=to(z.stroke),z.fill=to(z.fill);let B,V=[],Y=[],J=!1,K={};if(N.live){const e=_[1]?_[1].values:null;J=null!=e,B=J?e(i,1,0):{_:0};for(let e in B)K[e]=el}if(I)if(H=cl("table","u-legend",u),G=cl("tbody",null,H),N.mount(i,H),J){F=cl("thead",null,H,G);let e=cl("tr",null,F);for(var Z in cl("th",null,e),B)cl("th",Li,e).textContent=Z}else rl(H,"u-inline"),N.live&&rl(H,"u-live");const X={show:!0},Q={show:!1};const ee=new Map;function te(e,t,n,l=!0){const o=ee.get(t)||{},s=W.bind[e](i,t,n,l);s&&(yl(e,t,o[e]=s),ee.set(t,o))}function ne(e,t,n){const i=ee.get(t)||{};for(let n in i)null!=e&&n!=e||(bl(n,t,i[n]),delete i[n]);null==e&&ee.delete(t)}let ie=0,le=0,oe=0,se=0,re=0,ae=0,ue=re,ce=ae,de=oe,fe=se,pe=0,he=0,me=0,$e=0;i.bbox={};let ve=!1,_e=!1,ge=!1,ye=!1,be=!1,we=!1;function ke(e,t,n){(n||e!=i.width||t!=i.height)&&xe(e,t),vt(!1),ge=!0,_e=!0,At()}function xe(e,t){i.width=ie=oe=e,i.height=le=se=t,re=ae=0,function(){let e=!1,t=!1,n=!1,i=!1;g.forEach((l,o)=>{if(l.show&&l._show){let{side:o,_size:s}=l,r=o%2,a=s+(null!=l.label?l.labelSize:0);a>0&&(r?(oe-=a,3==o?(re+=a,i=!0):n=!0):(se-=a,0==o?(ae+=a,e=!0):t=!0))}}),je[0]=e,je[1]=n,je[2]=t,je[3]=i,oe-=We[1]+We[3],re+=We[3],se-=We[2]+We[0],ae+=We[0]}(),function(){let e=re+oe,t=ae+se,n=re,i=ae;function l(l,o){switch(l){case 1:return e+=o,e-o;case 2:return t+=o,t-o;case 3:return n-=o,n+o;case 0:return i-=o,i+o}}g.forEach((e,t)=>{if(e.show&&e._show){let t=e.side;e._pos=l(t,e._size),null!=e.label&&(e._lpos=l(t,e.labelSize))}})}();let n=i.bbox;pe=n.left=uo(re*ol,.5),he=n.top=uo(ae*ol,.5),me=n.width=uo(oe*ol,.5),$e=n.height=uo(se*ol,.5)}const Se=3;if(i.setSize=function({width:e,height:t}){ke(e,t)},null==W.dataIdx){let e=W.hover,n=e.skip=new Set(e.skip??[]);n.add(void 0);let i=e.prox=to(e.prox),l=e.bias??=0;W.dataIdx=(e,o,s,r)=>{if(0==o)return s;let a=s,u=i(e,o,s,r)??Zl,c=u>=0&&u<Zl,d=0==M.ori?oe:se,f=W.left,p=t[0],h=t[o];if(n.has(h[s])){a=null;let e,t=null,i=null;if(0==l||-1==l)for(e=s;null==t&&e-- >0;)n.has(h[e])||(t=e);if(0==l||1==l)for(e=s;null==i&&e++<h.length;)n.has(h[e])||(i=e);if(null!=t||null!=i)if(c){let e=f-(null==t?-1/0:q(p[t],M,d,0)),n=(null==i?1/0:q(p[i],M,d,0))-f;e<=n?e<=u&&(a=t):n<=u&&(a=i)}else a=null==i?t:null==t?i:s-t<=i-s?t:i}else if(c){Il(f-q(p[s],M,d,0))>u&&(a=null)}return a}}const Te=e=>{W.event=e};W.idxs=L,W._lock=!1;let Me=W.points;Me.show=to(Me.show),Me.size=to(Me.size),Me.stroke=to(Me.stroke),Me.width=to(Me.width),Me.fill=to(Me.fill);const Pe=i.focus=Po({},e.focus||{alpha:.3},W.focus),qe=Pe.prox>=0,Ce=qe&&Me.one;let Ee=[],Re=[],Oe=[];function Ae(e,t){let n=Me.show(i,t);if(n instanceof HTMLElement)return rl(n,"u-cursor-pt"),rl(n,e.class),pl(n,-10,-10,oe,se),h.insertBefore(n,Ee[t]),n}function De(e,t){if(1==l||t>0){let t=1==l&&y[e.scale].time,n=e.value;e.value=t?wo(n)?hs(R,ps(n,O)):n||j:n||Ws,e.label=e.label||(t?"Time":"Value")}if(Ce||t>0){e.width=null==e.width?1:e.width,e.paths=e.paths||kr||lo,e.fillTo=to(e.fillTo||Xs),e.pxAlign=+Al(e.pxAlign,m),e.pxRound=nr(e.pxAlign),e.stroke=to(e.stroke||null),e.fill=to(e.fill||null),e._stroke=e._fill=e._paths=e._focus=null;let t=po((3+2*(Gl(1,e.width)||1))*1,3),n=e.points=Po({},{size:t,width:Gl(1,.2*t),stroke:e.stroke,space:2*t,paths:xr,_stroke:null,_fill:null},e.points);n.show=to(n.show),n.filter=to(n.filter),n.fill=to(n.fill),n.stroke=to(n.stroke),n.paths=to(n.paths),n.pxAlign=e.pxAlign}if(I){let n=function(e,t){if(0==t&&(J||!N.live||2==l))return go;let n=[],o=cl("tr","u-series",G,G.childNodes[t]);rl(o,e.class),e.show||rl(o,ji);let s=cl("th",null,o);if(z.show){let e=dl("u-marker",s);if(t>0){let n=z.width(i,t);n&&(e.style.border=n+"px "+z.dash(i,t)+" "+z.stroke(i,t)),e.style.background=z.fill(i,t)}}let r=dl(Li,s);for(var a in e.label instanceof HTMLElement?r.appendChild(e.label):r.textContent=e.label,t>0&&(z.show||(r.style.color=e.width>0?z.stroke(i,t):z.fill(i,t)),te("click",s,t=>{if(W._lock)return;Te(t);let n=_.indexOf(e);if((t.ctrlKey||t.metaKey)!=N.isolate){let e=_.some((e,t)=>t>0&&t!=n&&e.show);_.forEach((t,i)=>{i>0&&Gt(i,e?i==n?X:Q:X,!0,kn.setSeries)})}else Gt(n,{show:!e.show},!0,kn.setSeries)},!1),qe&&te(Ji,s,t=>{W._lock||(Te(t),Gt(_.indexOf(e),Jt,!0,kn.setSeries))},!1)),B){let e=cl("td","u-value",o);e.textContent="--",n.push(e)}return[o,n]}(e,t);V.splice(t,0,n[0]),Y.splice(t,0,n[1]),N.values.push(null)}if(U){L.splice(t,0,null);let n=null;Ce?0==t&&(n=Ae(e,t)):t>0&&(n=Ae(e,t)),Ee.splice(t,0,n),Re.splice(t,0,0),Oe.splice(t,0,0)}bn("addSeries",t)}i.addSeries=function(e,t){t=t??_.length,e=1==l?Tr(e,t,Ms,Fs):Tr(e,t,{},Hs),_.splice(t,0,e),De(_[t],t)},i.delSeries=function(e){if(_.splice(e,1),I){N.values.splice(e,1),Y.splice(e,1);let t=V.splice(e,1)[0];ne(null,t.firstChild),t.remove()}U&&(L.splice(e,1),Ee.splice(e,1)[0].remove(),Re.splice(e,1),Oe.splice(e,1)),bn("delSeries",e)};const je=[!1,!1,!1,!1];function Le(e,t,n,i){let[l,o,s,r]=n,a=t%2,u=0;return 0==a&&(r||o)&&(u=0==t&&!l||2==t&&!s?zl(Ts.size/3):0),1==a&&(l||s)&&(u=1==t&&!o||3==t&&!r?zl(Is.size/2):0),u}const Ne=i.padding=(e.padding||[Le,Le,Le,Le]).map(e=>to(Al(e,Le))),We=i._padding=Ne.map((e,t)=>e(i,t,je,0));let Ie,Ue=null,ze=null;const He=1==l?_[0].idxs:null;let Fe,Ge,Be,Ve,Ye,Je,Ke,Ze,Xe,Qe,et=null,tt=!1;function nt(e,n){if(t=e??[],i.data=i._data=t,2==l){Ie=0;for(let e=1;e<_.length;e++)Ie+=t[e][0].length}else{0==t.length&&(i.data=i._data=t=[[]]),et=t[0],Ie=et.length;let e=t;if(2==P){e=t.slice();let n=e[0]=Array(Ie);for(let e=0;e<Ie;e++)n[e]=e}i._data=t=e}if(vt(!0),bn("setData"),2==P&&(ge=!0),!1!==n){let e=M;e.auto(i,tt)?it():Ft(w,e.min,e.max),ye=ye||W.left>=0,we=!0,At()}}function it(){let e,n;tt=!0,1==l&&(Ie>0?(Ue=He[0]=0,ze=He[1]=Ie-1,e=t[0][Ue],n=t[0][ze],2==P?(e=Ue,n=ze):e==n&&(3==P?[e,n]=Pl(e,e,M.log,!1):4==P?[e,n]=ql(e,e,M.log,!1):M.time?n=e+zl(86400/v):[e,n]=Ol(e,n,.1,!0))):(Ue=He[0]=e=null,ze=He[1]=n=null)),Ft(w,e,n)}function lt(e,t,n,i,l,o){e??=Gi,n??=_o,i??="butt",l??=Gi,o??="round",e!=Fe&&(d.strokeStyle=Fe=e),l!=Ge&&(d.fillStyle=Ge=l),t!=Be&&(d.lineWidth=Be=t),o!=Ye&&(d.lineJoin=Ye=o),i!=Je&&(d.lineCap=Je=i),n!=Ve&&d.setLineDash(Ve=n)}function ot(e,t,n,i){t!=Ge&&(d.fillStyle=Ge=t),e!=Ke&&(d.font=Ke=e),n!=Ze&&(d.textAlign=Ze=n),i!=Xe&&(d.textBaseline=Xe=i)}function st(e,t,n,l,o=0){if(l.length>0&&e.auto(i,tt)&&(null==t||null==t.min)){let t=Al(Ue,0),i=Al(ze,l.length-1),s=null==n.min?function(e,t,n,i=0,l=!1){let o=l?Ml:Tl,s=l?Sl:xl;[t,n]=o(e,t,n);let r=e[t],a=e[t];if(t>-1)if(1==i)r=e[t],a=e[n];else if(-1==i)r=e[n],a=e[t];else for(let i=t;i<=n;i++){let t=e[i];s(t)&&(t<r?r=t:t>a&&(a=t))}return[r??Zl,a??-Zl]}(l,t,i,o,3==e.distr):[n.min,n.max];e.min=Fl(e.min,n.min=s[0]),e.max=Gl(e.max,n.max=s[1])}}i.setData=nt;const rt={min:null,max:null};function at(e,t){let n=t?_[e].points:_[e];n._stroke=n.stroke(i,e),n._fill=n.fill(i,e)}function ut(e,n){let l=n?_[e].points:_[e],{stroke:o,fill:s,clip:r,flags:a,_stroke:u=l._stroke,_fill:c=l._fill,_width:f=l.width}=l._paths;f=po(f*ol,3);let p=null,h=f%2/2;n&&null==c&&(c=f>0?"#fff":u);let m=1==l.pxAlign&&h>0;if(m&&d.translate(h,h),!n){let e=pe-f/2,t=he-f/2,n=me+f,i=$e+f;p=new Path2D,p.rect(e,t,n,i)}n?dt(u,f,l.dash,l.cap,c,o,s,a,r):function(e,n,l,o,s,r,a,u,c,d,f){let p=!1;0!=c&&b.forEach((h,m)=>{if(h.series[0]==e){let e,$=_[h.series[1]],v=t[h.series[1]],g=($._paths||vo).band;yo(g)&&(g=1==h.dir?g[0]:g[1]);let y=null;$.show&&g&&function(e,t,n){for(t=Al(t,0),n=Al(n,e.length-1);t<=n;){if(null!=e[t])return!0;t++}return!1}(v,Ue,ze)?(y=h.fill(i,m)||r,e=$._paths.clip):g=null,dt(n,l,o,s,y,a,u,c,d,f,e,g),p=!0}}),p||dt(n,l,o,s,r,a,u,c,d,f)}(e,u,f,l.dash,l.cap,c,o,s,a,p,r),m&&d.translate(-h,-h)}const ct=3;function dt(e,t,n,i,l,o,s,r,a,u,c,f){lt(e,t,n,i,l),(a||u||f)&&(d.save(),a&&d.clip(a),u&&d.clip(u)),f?(r&ct)==ct?(d.clip(f),c&&d.clip(c),pt(l,s),ft(e,o,t)):2&r?(pt(l,s),d.clip(f),ft(e,o,t)):1&r&&(d.save(),d.clip(f),c&&d.clip(c),pt(l,s),d.restore(),ft(e,o,t)):(pt(l,s),ft(e,o,t)),(a||u||f)&&d.restore()}function ft(e,t,n){n>0&&(t instanceof Map?t.forEach((e,t)=>{d.strokeStyle=Fe=t,d.stroke(e)}):null!=t&&e&&d.stroke(t))}function pt(e,t){t instanceof Map?t.forEach((e,t)=>{d.fillStyle=Ge=t,d.fill(e)}):null!=t&&e&&d.fill(t)}function ht(e,t,n,i,l,o,s,r,a,u){let c=s%2/2;1==m&&d.translate(c,c),lt(r,s,a,u,r),d.beginPath();let f,p,h,$,v=l+(0==i||3==i?-o:o);0==n?(p=l,$=v):(f=l,h=v);for(let i=0;i<e.length;i++)null!=t[i]&&(0==n?f=h=e[i]:p=$=e[i],d.moveTo(f,p),d.lineTo(h,$));d.stroke(),1==m&&d.translate(-c,-c)}function mt(e){let t=!0;return g.forEach((n,l)=>{if(!n.show)return;let o=y[n.scale];if(null==o.min)return void(n._show&&(t=!1,n._show=!1,vt(!1)));n._show||(t=!1,n._show=!0,vt(!1));let s=n.side,r=s%2,{min:a,max:u}=o,[c,d]=function(e,t,n,l){let o,s=g[e];if(l<=0)o=[0,0];else{let r=s._space=s.space(i,e,t,n,l);o=Ar(t,n,s._incrs=s.incrs(i,e,t,n,l,r),l,r)}return s._found=o}(l,a,u,0==r?oe:se);if(0==d)return;let f=2==o.distr,p=n._splits=n.splits(i,l,a,u,c,d,f),h=2==o.distr?p.map(e=>et[e]):p,m=2==o.distr?et[p[1]]-et[p[0]]:c,$=n._values=n.values(i,n.filter(i,h,l,d,m),l,d,m);n._rotate=2==s?n.rotate(i,$,l,d):0;let v=n._size;n._size=Hl(n.size(i,$,l,e)),null!=v&&n._size!=v&&(t=!1)}),t}function $t(e){let t=!0;return Ne.forEach((n,l)=>{let o=n(i,l,je,e);o!=We[l]&&(t=!1),We[l]=o}),t}function vt(e){_.forEach((t,n)=>{n>0&&(t._paths=null,e&&(1==l?(t.min=null,t.max=null):t.facets.forEach(e=>{e.min=null,e.max=null})))})}let _t,gt,yt,bt,wt,kt,xt,St,Tt,Mt,Pt,qt,Ct=!1,Et=!1,Rt=[];function Ot(){Et=!1;for(let e=0;e<Rt.length;e++)bn(...Rt[e]);Rt.length=0}function At(){Ct||(Co(Dt),Ct=!0)}function Dt(){if(ve&&(!function(){for(let e in y){let t=y[e];null==E[e]&&(null==t.min||null!=E[w]&&t.auto(i,tt))&&(E[e]=rt)}for(let e in y){let t=y[e];null==E[e]&&null!=t.from&&null!=E[t.from]&&(E[e]=rt)}null!=E[w]&&vt(!0);let e={};for(let t in E){let n=E[t];if(null!=n){let o=e[t]=Mo(y[t],xo);if(null!=n.min)Po(o,n);else if(t!=w||2==l)if(0==Ie&&null==o.from){let e=o.range(i,null,null,t);o.min=e[0],o.max=e[1]}else o.min=Zl,o.max=-Zl}}if(Ie>0){_.forEach((n,o)=>{if(1==l){let l=n.scale,s=E[l];if(null==s)return;let r=e[l];if(0==o){let e=r.range(i,r.min,r.max,l);r.min=e[0],r.max=e[1],Ue=wl(r.min,t[0]),ze=wl(r.max,t[0]),ze-Ue>1&&(t[0][Ue]<r.min&&Ue++,t[0][ze]>r.max&&ze--),n.min=et[Ue],n.max=et[ze]}else n.show&&n.auto&&st(r,s,n,t[o],n.sorted);n.idxs[0]=Ue,n.idxs[1]=ze}else if(o>0&&n.show&&n.auto){let[i,l]=n.facets,s=i.scale,r=l.scale,[a,u]=t[o],c=e[s],d=e[r];null!=c&&st(c,E[s],i,a,i.sorted),null!=d&&st(d,E[r],l,u,l.sorted),n.min=l.min,n.max=l.max}});for(let t in e){let n=e[t],l=E[t];if(null==n.from&&(null==l||null==l.min)){let e=n.range(i,n.min==Zl?null:n.min,n.max==-Zl?null:n.max,t);n.min=e[0],n.max=e[1]}}}for(let t in e){let n=e[t];if(null!=n.from){let l=e[n.from];if(null==l.min)n.min=n.max=null;else{let e=n.range(i,l.min,l.max,t);n.min=e[0],n.max=e[1]}}}let n={},o=!1;for(let t in e){let i=e[t],l=y[t];if(l.min!=i.min||l.max!=i.max){l.min=i.min,l.max=i.max;let e=l.distr;l._min=3==e?Yl(l.min):4==e?Kl(l.min,l.asinh):100==e?l.fwd(l.min):l.min,l._max=3==e?Yl(l.max):4==e?Kl(l.max,l.asinh):100==e?l.fwd(l.max):l.max,n[t]=o=!0}}if(o){_.forEach((e,t)=>{2==l?t>0&&n.y&&(e._paths=null):n[e.scale]&&(e._paths=null)});for(let e in n)ge=!0,bn("setScale",e);U&&W.left>=0&&(ye=we=!0)}for(let e in E)E[e]=null}(),ve=!1),ge&&(!function(){let e=!1,t=0;for(;!e;){t++;let n=mt(t),l=$t(t);e=t==Se||n&&l,e||(xe(i.width,i.height),_e=!0)}}(),ge=!1),_e){if(ul(p,zi,re),ul(p,Ii,ae),ul(p,Ni,oe),ul(p,Wi,se),ul(h,zi,re),ul(h,Ii,ae),ul(h,Ni,oe),ul(h,Wi,se),ul(f,Ni,ie),ul(f,Wi,le),c.width=zl(ie*ol),c.height=zl(le*ol),g.forEach(({_el:e,_show:t,_size:n,_pos:i,side:l})=>{if(null!=e)if(t){let t=l%2==1;ul(e,t?"left":"top",i-(3===l||0===l?n:0)),ul(e,t?"width":"height",n),ul(e,t?"top":"left",t?ae:re),ul(e,t?"height":"width",t?se:oe),al(e,ji)}else rl(e,ji)}),Fe=Ge=Be=Ye=Je=Ke=Ze=Xe=Ve=null,Qe=1,sn(!0),re!=ue||ae!=ce||oe!=de||se!=fe){vt(!1);let e=oe/de,t=se/fe;if(U&&!ye&&W.left>=0){W.left*=e,W.top*=t,yt&&pl(yt,zl(W.left),0,oe,se),bt&&pl(bt,0,zl(W.top),oe,se);for(let n=0;n<Ee.length;n++){let i=Ee[n];null!=i&&(Re[n]*=e,Oe[n]*=t,pl(i,Hl(Re[n]),Hl(Oe[n]),oe,se))}}if(Ut.show&&!be&&Ut.left>=0&&Ut.width>0){Ut.left*=e,Ut.width*=e,Ut.top*=t,Ut.height*=t;for(let e in un)ul(zt,e,Ut[e])}ue=re,ce=ae,de=oe,fe=se}bn("setSize"),_e=!1}ie>0&&le>0&&(d.clearRect(0,0,c.width,c.height),bn("drawClear"),x.forEach(e=>e()),bn("draw")),Ut.show&&be&&(Ht(Ut),be=!1),U&&ye&&(ln(null,!0,!1),ye=!1),N.show&&N.live&&we&&(tn(),we=!1),a||(a=!0,i.status=1,bn("ready")),tt=!1,Ct=!1}function jt(e,n){let l=y[e];if(null==l.from){if(0==Ie){let t=l.range(i,n.min,n.max,e);n.min=t[0],n.max=t[1]}if(n.min>n.max){let e=n.min;n.min=n.max,n.max=e}if(Ie>1&&null!=n.min&&null!=n.max&&n.max-n.min<1e-16)return;e==w&&2==l.distr&&Ie>0&&(n.min=wl(n.min,t[0]),n.max=wl(n.max,t[0]),n.min==n.max&&n.max++),E[e]=n,ve=!0,At()}}i.batch=function(e,t=!1){Ct=!0,Et=t,e(i),Dt(),t&&Rt.length>0&&queueMicrotask(Ot)},i.redraw=(e,t)=>{ge=t||!1,!1!==e?Ft(w,M.min,M.max):At()},i.setScale=jt;let Lt=!1;const Nt=W.drag;let Wt=Nt.x,It=Nt.y;U&&(W.x&&(_t=dl("u-cursor-x",h)),W.y&&(gt=dl("u-cursor-y",h)),0==M.ori?(yt=_t,bt=gt):(yt=gt,bt=_t),Pt=W.left,qt=W.top);const Ut=i.select=Po({show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),zt=Ut.show?dl("u-select",Ut.over?h:p):null;function Ht(e,t){if(Ut.show){for(let t in e)Ut[t]=e[t],t in un&&ul(zt,t,e[t]);!1!==t&&bn("setSelect")}}function Ft(e,t,n){jt(e,{min:t,max:n})}function Gt(e,t,n,o){null!=t.focus&&function(e){if(e!=Yt){let t=null==e,n=1!=Pe.alpha;_.forEach((i,o)=>{if(1==l||o>0){let l=t||0==o||o==e;i._focus=t?null:l,n&&function(e,t){_[e].alpha=t,U&&null!=Ee[e]&&(Ee[e].style.opacity=t);I&&V[e]&&(V[e].style.opacity=t)}(o,l?1:Pe.alpha)}}),Yt=e,n&&At()}}(e),null!=t.show&&_.forEach((n,i)=>{i>0&&(e==i||null==e)&&(n.show=t.show,function(e){if(_[e].show)I&&al(V[e],ji);else if(I&&rl(V[e],ji),U){let t=Ce?Ee[0]:Ee[e];null!=t&&pl(t,-10,-10,oe,se)}}(i),2==l?(Ft(n.facets[0].scale,null,null),Ft(n.facets[1].scale,null,null)):Ft(n.scale,null,null),At())}),!1!==n&&bn("setSeries",e,t),o&&Tn("setSeries",i,e,t)}let Bt,Vt,Yt;i.setSelect=Ht,i.setSeries=Gt,i.addBand=function(e,t){e.fill=to(e.fill||null),e.dir=Al(e.dir,-1),t=t??b.length,b.splice(t,0,e)},i.setBand=function(e,t){Po(b[e],t)},i.delBand=function(e){null==e?b.length=0:b.splice(e,1)};const Jt={focus:!0};function Kt(e,t,n){let i=y[t];n&&(e=e/ol-(1==i.ori?ae:re));let l=oe;1==i.ori&&(l=se,e=l-e),-1==i.dir&&(e=l-e);let o=i._min,s=o+(i._max-o)*(e/l),r=i.distr;return 3==r?Bl(10,s):4==r?((e,t=1)=>Nl.sinh(e)*t)(s,i.asinh):100==r?i.bwd(s):s}function Zt(e,t){ul(zt,zi,Ut.left=e),ul(zt,Ni,Ut.width=t)}function Xt(e,t){ul(zt,Ii,Ut.top=e),ul(zt,Wi,Ut.height=t)}I&&qe&&te(Ki,H,e=>{W._lock||(Te(e),null!=Yt&&Gt(null,Jt,!0,kn.setSeries))}),i.valToIdx=e=>wl(e,t[0]),i.posToIdx=function(e,n){return wl(Kt(e,w,n),t[0],Ue,ze)},i.posToVal=Kt,i.valToPos=(e,t,n)=>0==y[t].ori?o(e,y[t],n?me:oe,n?pe:0):s(e,y[t],n?$e:se,n?he:0),i.setCursor=(e,t,n)=>{Pt=e.left,qt=e.top,ln(null,t,n)};let Qt=0==M.ori?Zt:Xt,en=1==M.ori?Zt:Xt;function tn(e,t){if(null!=e&&(e.idxs?e.idxs.forEach((e,t)=>{L[t]=e}):(e=>void 0===e)(e.idx)||L.fill(e.idx),N.idx=L[0]),I&&N.live){for(let e=0;e<_.length;e++)(e>0||1==l&&!J)&&nn(e,L[e]);!function(){if(I&&N.live)for(let e=2==l?1:0;e<_.length;e++){if(0==e&&J)continue;let t=N.values[e],n=0;for(let i in t)Y[e][n++].firstChild.nodeValue=t[i]}}()}we=!1,!1!==t&&bn("setLegend")}function nn(e,n){let l,o=_[e],s=0==e&&2==P?et:t[e];J?l=o.values(i,e,n)??K:(l=o.value(i,null==n?null:s[n],e,n),l=null==l?K:{_:l}),N.values[e]=l}function ln(e,n,o){let s;Tt=Pt,Mt=qt,[Pt,qt]=W.move(i,Pt,qt),W.left=Pt,W.top=qt,U&&(yt&&pl(yt,zl(Pt),0,oe,se),bt&&pl(bt,0,zl(qt),oe,se));let r=Ue>ze;Bt=Zl,Vt=null;let a=0==M.ori?oe:se,u=1==M.ori?oe:se;if(Pt<0||0==Ie||r){s=W.idx=null;for(let e=0;e<_.length;e++){let t=Ee[e];null!=t&&pl(t,-10,-10,oe,se)}qe&&Gt(null,Jt,!0,null==e&&kn.setSeries),N.live&&(L.fill(s),we=!0)}else{let e,n,o;1==l&&(e=0==M.ori?Pt:qt,n=Kt(e,w),s=W.idx=wl(n,t[0],Ue,ze),o=q(t[0][s],M,a,0));let r=-10,c=-10,d=0,f=0,p=!0,h="",m="";for(let e=2==l?1:0;e<_.length;e++){let $=_[e],v=L[e],g=null==v?null:1==l?t[e][v]:t[e][1][v],b=W.dataIdx(i,e,s,n),w=null==b?null:1==l?t[e][b]:t[e][1][b];if(we=we||w!=g||b!=v,L[e]=b,e>0&&$.show){let n=null==b?-10:b==s?o:q(1==l?t[0][b]:t[e][0][b],M,a,0),v=null==w?-10:C(w,1==l?y[$.scale]:y[$.facets[1].scale],u,0);if(qe&&null!=w){let t=1==M.ori?Pt:qt,n=Il(Pe.dist(i,e,b,v,t));if(n<Bt){let i=Pe.bias;if(0!=i){let l=Kt(t,$.scale),o=l>=0?1:-1;o==(w>=0?1:-1)&&(1==o?1==i?w>=l:w<=l:1==i?w<=l:w>=l)&&(Bt=n,Vt=e)}else Bt=n,Vt=e}}if(we||Ce){let t,l;0==M.ori?(t=n,l=v):(t=v,l=n);let o,s,a,u,$,_,g=!0,y=Me.bbox;if(null!=y){g=!1;let t=y(i,e);a=t.left,u=t.top,o=t.width,s=t.height}else a=t,u=l,o=s=Me.size(i,e);if(_=Me.fill(i,e),$=Me.stroke(i,e),Ce)e==Vt&&Bt<=Pe.prox&&(r=a,c=u,d=o,f=s,p=g,h=_,m=$);else{let t=Ee[e];null!=t&&(Re[e]=a,Oe[e]=u,vl(t,o,s,g),ml(t,_,$),pl(t,Hl(a),Hl(u),oe,se))}}}}if(Ce){let e=Pe.prox;if(we||(null==Yt?Bt<=e:Bt>e||Vt!=Yt)){let e=Ee[0];null!=e&&(Re[0]=r,Oe[0]=c,vl(e,d,f,p),ml(e,h,m),pl(e,Hl(r),Hl(c),oe,se))}}}if(Ut.show&&Lt)if(null!=e){let[t,n]=kn.scales,[i,l]=kn.match,[o,s]=e.cursor.sync.scales,r=e.cursor.drag;if(Wt=r._x,It=r._y,Wt||It){let r,c,d,f,p,{left:h,top:m,width:$,height:v}=e.select,_=e.scales[o].ori,g=e.posToVal,b=null!=t&&i(t,o),w=null!=n&&l(n,s);b&&Wt?(0==_?(r=h,c=$):(r=m,c=v),d=y[t],f=q(g(r,o),d,a,0),p=q(g(r+c,o),d,a,0),Qt(Fl(f,p),Il(p-f))):Qt(0,a),w&&It?(1==_?(r=h,c=$):(r=m,c=v),d=y[n],f=C(g(r,s),d,u,0),p=C(g(r+c,s),d,u,0),en(Fl(f,p),Il(p-f))):en(0,u)}else cn()}else{let e=Il(Tt-wt),t=Il(Mt-kt);if(1==M.ori){let n=e;e=t,t=n}Wt=Nt.x&&e>=Nt.dist,It=Nt.y&&t>=Nt.dist;let n,i,l=Nt.uni;null!=l?Wt&&It&&(Wt=e>=l,It=t>=l,Wt||It||(t>e?It=!0:Wt=!0)):Nt.x&&Nt.y&&(Wt||It)&&(Wt=It=!0),Wt&&(0==M.ori?(n=xt,i=Pt):(n=St,i=qt),Qt(Fl(n,i),Il(i-n)),It||en(0,u)),It&&(1==M.ori?(n=xt,i=Pt):(n=St,i=qt),en(Fl(n,i),Il(i-n)),Wt||Qt(0,a)),Wt||It||(Qt(0,0),en(0,0))}if(Nt._x=Wt,Nt._y=It,null==e){if(o){if(null!=xn){let[e,t]=kn.scales;kn.values[0]=null!=e?Kt(0==M.ori?Pt:qt,e):null,kn.values[1]=null!=t?Kt(1==M.ori?Pt:qt,t):null}Tn(Bi,i,Pt,qt,oe,se,s)}if(qe){let e=o&&kn.setSeries,t=Pe.prox;null==Yt?Bt<=t&&Gt(Vt,Jt,!0,e):Bt>t?Gt(null,Jt,!0,e):Vt!=Yt&&Gt(Vt,Jt,!0,e)}}we&&(N.idx=s,tn()),!1!==n&&bn("setCursor")}i.setLegend=tn;let on=null;function sn(e=!1){e?on=null:(on=h.getBoundingClientRect(),bn("syncRect",on))}function rn(e,t,n,i,l,o,s){W._lock||Lt&&null!=e&&0==e.movementX&&0==e.movementY||(an(e,t,n,i,l,o,s,!1,null!=e),null!=e?ln(null,!0,!0):ln(t,!0,!1))}function an(e,t,n,l,o,s,a,u,c){if(null==on&&sn(!1),Te(e),null!=e)n=e.clientX-on.left,l=e.clientY-on.top;else{if(n<0||l<0)return Pt=-10,void(qt=-10);let[e,i]=kn.scales,a=t.cursor.sync,[u,c]=a.values,[d,f]=a.scales,[p,h]=kn.match,m=t.axes[0].side%2==1,$=0==M.ori?oe:se,v=1==M.ori?oe:se,_=m?s:o,g=m?o:s,b=m?l:n,w=m?n:l;if(n=null!=d?p(e,d)?r(u,y[e],$,0):-10:$*(b/_),l=null!=f?h(i,f)?r(c,y[i],v,0):-10:v*(w/g),1==M.ori){let e=n;n=l,l=e}}!c||null!=t&&t.cursor.event.type!=Bi||((n<=1||n>=oe-1)&&(n=uo(n,oe)),(l<=1||l>=se-1)&&(l=uo(l,se))),u?(wt=n,kt=l,[xt,St]=W.move(i,n,l)):(Pt=n,qt=l)}Object.defineProperty(i,"rect",{get:()=>(null==on&&sn(!1),on)});const un={width:0,height:0,left:0,top:0};function cn(){Ht(un,!1)}let dn,fn,pn,hn;function mn(e,t,n,l,o,s,r){Lt=!0,Wt=It=Nt._x=Nt._y=!1,an(e,t,n,l,o,s,0,!0,!1),null!=e&&(te(Yi,nl,$n,!1),Tn(Vi,i,xt,St,oe,se,null));let{left:a,top:u,width:c,height:d}=Ut;dn=a,fn=u,pn=c,hn=d}function $n(e,t,n,l,o,s,r){Lt=Nt._x=Nt._y=!1,an(e,t,n,l,o,s,0,!1,!0);let{left:a,top:u,width:c,height:d}=Ut,f=c>0||d>0,p=dn!=a||fn!=u||pn!=c||hn!=d;if(f&&p&&Ht(Ut),Nt.setScale&&f&&p){let e=a,t=c,n=u,i=d;if(1==M.ori&&(e=u,t=d,n=a,i=c),Wt&&Ft(w,Kt(e,w),Kt(e+t,w)),It)for(let e in y){let t=y[e];e!=w&&null==t.from&&t.min!=Zl&&Ft(e,Kt(n+i,e),Kt(n,e))}cn()}else W.lock&&(W._lock=!W._lock,ln(t,!0,null!=e));null!=e&&(ne(Yi,nl),Tn(Yi,i,Pt,qt,oe,se,null))}function vn(e,t,n,l,o,s,r){W._lock||(Te(e),it(),cn(),null!=e&&Tn(Zi,i,Pt,qt,oe,se,null))}function _n(){g.forEach(jr),ke(i.width,i.height,!0)}yl(Qi,il,_n);const gn={};gn.mousedown=mn,gn.mousemove=rn,gn.mouseup=$n,gn.dblclick=vn,gn.setSeries=(e,t,n,l)=>{-1!=(n=(0,kn.match[2])(i,t,n))&&Gt(n,l,!0,!1)},U&&(te(Vi,h,mn),te(Bi,h,rn),te(Ji,h,e=>{Te(e),sn(!1)}),te(Ki,h,function(e,t,n,i,l,o,s){if(W._lock)return;Te(e);let r=Lt;if(Lt){let e,t,n=!0,i=!0,l=10;0==M.ori?(e=Wt,t=It):(e=It,t=Wt),e&&t&&(n=Pt<=l||Pt>=oe-l,i=qt<=l||qt>=se-l),e&&n&&(Pt=Pt<xt?0:oe),t&&i&&(qt=qt<St?0:se),ln(null,!0,!0),Lt=!1}Pt=-10,qt=-10,L.fill(null),ln(null,!0,!0),r&&(Lt=r)}),te(Zi,h,vn),br.add(i),i.syncRect=sn);const yn=i.hooks=e.hooks||{};function bn(e,t,n){Et?Rt.push([e,t,n]):e in yn&&yn[e].forEach(e=>{e.call(null,i,t,n)})}(e.plugins||[]).forEach(e=>{for(let t in e.hooks)yn[t]=(yn[t]||[]).concat(e.hooks[t])});const wn=(e,t,n)=>n,kn=Po({key:null,setSeries:!1,filters:{pub:oo,sub:oo},scales:[w,_[1]?_[1].scale:null],match:[so,so,wn],values:[null,null]},W.sync);2==kn.match.length&&kn.match.push(wn),W.sync=kn;const xn=kn.key,Sn=Js(xn);function Tn(e,t,n,i,l,o,s){kn.filters.pub(e,t,n,i,l,o,s)&&Sn.pub(e,t,n,i,l,o,s)}function Mn(){bn("init",e,t),nt(t||e.data,!1),E[w]?jt(w,E[w]):it(),be=Ut.show&&(Ut.width>0||Ut.height>0),ye=we=!0,ke(e.width,e.height)}return Sn.sub(i),i.pub=function(e,t,n,i,l,o,s){kn.filters.sub(e,t,n,i,l,o,s)&&gn[e](null,t,n,i,l,o,s)},i.destroy=function(){Sn.unsub(i),br.delete(i),ee.clear(),bl(Qi,il,_n),u.remove(),H?.remove(),bn("destroy")},_.forEach(De),g.forEach(function(e,t){if(e._show=e.show,e.show){let n=e.side%2,l=y[e.scale];null==l&&(e.scale=n?_[1].scale:w,l=y[e.scale]);let o=l.time;e.size=to(e.size),e.space=to(e.space),e.rotate=to(e.rotate),yo(e.incrs)&&e.incrs.forEach(e=>{!ho.has(e)&&ho.set(e,mo(e))}),e.incrs=to(e.incrs||(2==l.distr?Go:o?1==v?ls:rs:Bo)),e.splits=to(e.splits||(o&&1==l.distr?A:3==l.distr?Cs:4==l.distr?Es:qs)),e.stroke=to(e.stroke),e.grid.stroke=to(e.grid.stroke),e.ticks.stroke=to(e.ticks.stroke),e.border.stroke=to(e.border.stroke);let s=e.values;e.values=yo(s)&&!yo(s[0])?to(s):o?yo(s)?ds(R,cs(s,O)):wo(s)?function(e,t){let n=Wo(t);return(t,i,l,o,s)=>i.map(t=>n(e(t)))}(R,s):s||D:s||Ps,e.filter=to(e.filter||(l.distr>=3&&10==l.log?Ls:3==l.distr&&2==l.log?Ns:io)),e.font=Dr(e.font),e.labelFont=Dr(e.labelFont),e._size=e.size(i,null,t,0),e._space=e._rotate=e._incrs=e._found=e._splits=e._values=null,e._size>0&&(je[t]=!0,e._el=dl("u-axis",f))}}),n?n instanceof HTMLElement?(n.appendChild(u),Mn()):n(i,Mn):Mn(),i}Lr.assign=Po,Lr.fmtNum=Ll,Lr.rangeNum=Ol,Lr.rangeLog=Pl,Lr.rangeAsinh=ql,Lr.orient=Ks,Lr.pxRatio=ol,Lr.join=function(e,t){if(function(e){let t=e[0][0],n=t.length;for(let i=1;i<e.length;i++){let l=e[i][0];if(l.length!=n)return!1;if(l!=t)for(let e=0;e<n;e++)if(l[e]!=t[e])return!1}return!0}(e)){let t=e[0].slice();for(let n=1;n<e.length;n++)t.push(...e[n].slice(1));return function(e,t=100){const n=e.length;if(n<=1)return!0;let i=0,l=n-1;for(;i<=l&&null==e[i];)i++;for(;l>=i&&null==e[l];)l--;if(l<=i)return!0;const o=Gl(1,Ul((l-i+1)/t));for(let t=e[i],n=i+o;n<=l;n+=o){const i=e[n];if(null!=i){if(i<=t)return!1;t=i}}return!0}(t[0])||(t=function(e){let t=e[0],n=t.length,i=Array(n);for(let e=0;e<i.length;e++)i[e]=e;i.sort((e,n)=>t[e]-t[n]);let l=[];for(let t=0;t<e.length;t++){let o=e[t],s=Array(n);for(let e=0;e<n;e++)s[e]=o[i[e]];l.push(s)}return l}(t)),t}let n=new Set;for(let t=0;t<e.length;t++){let i=e[t][0],l=i.length;for(let e=0;e<l;e++)n.add(i[e])}let i=[Array.from(n).sort((e,t)=>e-t)],l=i[0].length,o=new Map;for(let e=0;e<l;e++)o.set(i[0][e],e);for(let n=0;n<e.length;n++){let s=e[n],r=s[0];for(let e=1;e<s.length;e++){let a=s[e],u=Array(l).fill(void 0),c=t?t[n][e]:1,d=[];for(let e=0;e<a.length;e++){let t=a[e],n=o.get(r[e]);null===t?0!=c&&(u[n]=t,2==c&&d.push(n)):u[n]=t}qo(u,d,l),i.push(u)}}return i},Lr.fmtDate=Wo,Lr.tzDate=function(e,t){let n;return"UTC"==t||"Etc/UTC"==t?n=new Date(+e+6e4*e.getTimezoneOffset()):t==Io?n=e:(n=new Date(e.toLocaleString("en-US",{timeZone:t})),n.setMilliseconds(e.getMilliseconds())),n},Lr.sync=Js;{Lr.addGap=function(e,t,n){let i=e[e.length-1];i&&i[0]==t?i[1]=n:e.push([t,n])},Lr.clipGaps=er;let e=Lr.paths={points:hr};e.linear=_r,e.stepped=function(e){const t=Al(e.align,1),n=Al(e.ascDesc,!1),i=Al(e.alignGaps,0),l=Al(e.extend,!1);return(e,o,s,r)=>Ks(e,o,(a,u,c,d,f,p,h,m,$,v,_)=>{[s,r]=Tl(c,s,r);let g=a.pxRound,{left:y,width:b}=e.bbox,w=e=>g(p(e,d,v,m)),k=e=>g(h(e,f,_,$)),x=0==d.ori?sr:rr;const S={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},T=S.stroke,M=d.dir*(0==d.ori?1:-1);let P=k(c[1==M?s:r]),q=w(u[1==M?s:r]),C=q,E=q;l&&-1==t&&(E=y,x(T,E,P)),x(T,q,P);for(let e=1==M?s:r;e>=s&&e<=r;e+=M){let n=c[e];if(null==n)continue;let i=w(u[e]),l=k(n);1==t?x(T,i,P):x(T,C,l),x(T,i,l),P=l,C=i}let R=C;l&&1==t&&(R=y+b,x(T,R,P));let[O,A]=Zs(e,o);if(null!=a.fill||0!=O){let t=S.fill=new Path2D(T),n=k(a.fillTo(e,o,a.min,a.max,O));x(t,R,n),x(t,E,n)}if(!a.spanGaps){let l=[];l.push(...tr(u,c,s,r,M,w,i));let f=a.width*ol/2,p=n||1==t?f:-f,h=n||-1==t?-f:f;l.forEach(e=>{e[0]+=p,e[1]+=h}),S.gaps=l=a.gaps(e,o,s,r,l),S.clip=er(l,d.ori,m,$,v,_)}return 0!=A&&(S.band=2==A?[Qs(e,o,s,r,T,-1),Qs(e,o,s,r,T,1)]:Qs(e,o,s,r,T,A)),S})},e.bars=function(e){const t=Al((e=e||vo).size,[.6,Zl,1]),n=e.align||0,i=e.gap||0;let l=e.radius;l=null==l?[0,0]:"number"==typeof l?[l,0]:l;const o=to(l),s=1-t[0],r=Al(t[1],Zl),a=Al(t[2],1),u=Al(e.disp,vo),c=Al(e.each,e=>{}),{fill:d,stroke:f}=u;return(e,t,l,p)=>Ks(e,t,(h,m,$,v,_,g,y,b,w,k,x)=>{let S,T,M=h.pxRound,P=n,q=i*ol,C=r*ol,E=a*ol;0==v.ori?[S,T]=o(e,t):[T,S]=o(e,t);const R=v.dir*(0==v.ori?1:-1);let O,A,D,j=0==v.ori?ar:ur,L=0==v.ori?c:(e,t,n,i,l,o,s)=>{c(e,t,n,l,i,s,o)},N=Al(e.bands,_o).find(e=>e.series[0]==t),W=null!=N?N.dir:0,I=h.fillTo(e,t,h.min,h.max,W),U=M(y(I,_,x,w)),z=k,H=M(h.width*ol),F=!1,G=null,B=null,V=null,Y=null;null==d||0!=H&&null==f||(F=!0,G=d.values(e,t,l,p),B=new Map,new Set(G).forEach(e=>{null!=e&&B.set(e,new Path2D)}),H>0&&(V=f.values(e,t,l,p),Y=new Map,new Set(V).forEach(e=>{null!=e&&Y.set(e,new Path2D)})));let{x0:J,size:K}=u;if(null!=J&&null!=K){P=1,m=J.values(e,t,l,p),2==J.unit&&(m=m.map(t=>e.posToVal(b+t*k,v.key,!0)));let n=K.values(e,t,l,p);A=2==K.unit?n[0]*k:g(n[0],v,k,b)-g(0,v,k,b),z=gr(m,$,g,v,k,b,z),D=z-A+q}else z=gr(m,$,g,v,k,b,z),D=z*s+q,A=z-D;D<1&&(D=0),H>=A/2&&(H=0),D<5&&(M=no);let Z=D>0;A=M(Ql(z-D-(Z?H:0),E,C)),O=(0==P?A/2:P==R?0:A)-P*R*((0==P?q/2:0)+(Z?H/2:0));const X={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},Q=F?null:new Path2D;let ee=null;if(null!=N)ee=e.data[N.series[1]];else{let{y0:n,y1:i}=u;null!=n&&null!=i&&($=i.values(e,t,l,p),ee=n.values(e,t,l,p))}let te=S*A,ne=T*A;for(let n=1==R?l:p;n>=l&&n<=p;n+=R){let i=$[n];if(null==i)continue;if(null!=ee){let e=ee[n]??0;if(i-e==0)continue;U=y(e,_,x,w)}let l=g(2!=v.distr||null!=u?m[n]:n,v,k,b),o=y(Al(i,I),_,x,w),s=M(l-O),r=M(Gl(o,U)),a=M(Fl(o,U)),c=r-a;if(null!=i){let l=i<0?ne:te,o=i<0?te:ne;F?(H>0&&null!=V[n]&&j(Y.get(V[n]),s,a+Ul(H/2),A,Gl(0,c-H),l,o),null!=G[n]&&j(B.get(G[n]),s,a+Ul(H/2),A,Gl(0,c-H),l,o)):j(Q,s,a+Ul(H/2),A,Gl(0,c-H),l,o),L(e,t,n,s-H/2,a,A+H,c)}}return H>0?X.stroke=F?Y:Q:F||(X._fill=0==h.width?h._fill:h._stroke??h._fill,X.width=0),X.fill=F?B:Q,X})},e.spline=function(e){return function(e,t){const n=Al(t?.alignGaps,0);return(t,i,l,o)=>Ks(t,i,(s,r,a,u,c,d,f,p,h,m,$)=>{[l,o]=Tl(a,l,o);let v,_,g,y=s.pxRound,b=e=>y(d(e,u,m,p)),w=e=>y(f(e,c,$,h));0==u.ori?(v=lr,g=sr,_=fr):(v=or,g=rr,_=pr);const k=u.dir*(0==u.ori?1:-1);let x=b(r[1==k?l:o]),S=x,T=[],M=[];for(let e=1==k?l:o;e>=l&&e<=o;e+=k)if(null!=a[e]){let t=b(r[e]);T.push(S=t),M.push(w(a[e]))}const P={stroke:e(T,M,v,g,_,y),fill:null,clip:null,band:null,gaps:null,flags:1},q=P.stroke;let[C,E]=Zs(t,i);if(null!=s.fill||0!=C){let e=P.fill=new Path2D(q),n=w(s.fillTo(t,i,s.min,s.max,C));g(e,S,n),g(e,x,n)}if(!s.spanGaps){let e=[];e.push(...tr(r,a,l,o,k,b,n)),P.gaps=e=s.gaps(t,i,l,o,e),P.clip=er(e,u.ori,p,h,m,$)}return 0!=E&&(P.band=2==E?[Qs(t,i,l,o,q,-1),Qs(t,i,l,o,q,1)]:Qs(t,i,l,o,q,E)),P})}(yr,e)}}function Nr({title:e,unit:t,format:n,lines:i,times:l,marks:o,now:s}){const r=re(null),a=Xe(null);se(()=>{const e=new Lr(function({format:e,lines:t,marks:n,now:i,point:l}){const o={stroke:()=>Wr("--muted"),font:"11px system-ui, sans-serif",ticks:{show:!1}};return{width:300,height:150,padding:[8,8,0,0],legend:{show:!1},cursor:{y:!1,drag:{setScale:!1},sync:{key:"console"},points:{size:5}},scales:{x:{range:()=>[i.peek()/1e3-300,i.peek()/1e3]},y:{range:(e,t,n)=>[0,n>0?1.15*n:1]}},axes:[{...o,grid:{show:!1},incrs:[60,120,300],space:56,size:24,values:(e,t)=>t.map(Ir)},{...o,grid:{stroke:()=>Wr("--line"),width:1},size:52,space:32,values:(t,n)=>n.map(t=>e(t))}],series:[{},...t.map(({label:e,colour:t,dash:n,filled:i})=>({label:e,dash:n,width:1.5,points:{show:!1},stroke:()=>Wr(t),...!0===i?{fill:()=>Wr(`${t}-soft`)}:{}}))],hooks:{draw:[e=>function({ctx:e,bbox:t,valToPos:n},i){for(const{time:l,type:o}of i){const i=Math.round(n(l/1e3,"x",!0));if(!(i>=t.left&&i<=t.left+t.width))continue;e.save(),e.strokeStyle=e.fillStyle=Wr("refused"===o?"--warning":"--muted"),e.lineWidth=devicePixelRatio,e.setLineDash([4,4]),e.beginPath(),e.moveTo(i,t.top),e.lineTo(i,t.top+t.height),e.stroke();const s=5*devicePixelRatio;e.beginPath(),e.moveTo(i-s,t.top),e.lineTo(i+s,t.top),e.lineTo(i,t.top+1.4*s),e.fill(),e.restore()}}(e,n.peek()??[])],setCursor:[({cursor:{idx:e}})=>l(e??null)]}}}({format:n,lines:i,marks:o,now:s,point:e=>{a.value=e}}),void 0,r.current),t=He(()=>e.setData([l.value,...i.map(({values:e})=>e.value)])),u=new ResizeObserver(([{contentRect:{width:t}}])=>e.setSize({width:Math.floor(t),height:150}));u.observe(r.current);const c=matchMedia("(prefers-color-scheme: dark)"),d=()=>e.redraw();return c.addEventListener("change",d),()=>{t(),u.disconnect(),c.removeEventListener("change",d),e.destroy()}},[]);const u=a.value??l.value.length-1;return nt`
    <figure>
      <figcaption>
        <strong>${e}</strong> <span class="unit">${t}</span>
        <span class="legend" aria-hidden="true">
          ${i.map(({label:e,colour:t,values:i})=>nt`
            <span key=${e}><i class=${`line ${t.slice(2)}`}></i>${e} <b>${n(i.value[u]??null)}</b></span>`)}
        </span>
      </figcaption>
      <div ref=${r} class="plot" role="img" aria-label=${function(e,t,n){const i=t.map(({label:e,values:t})=>{const i=t.value.filter(e=>null!=e);return 0===i.length?`${e}: no figures yet`:`${e}: ${n(i.at(-1))} now, from ${n(Math.min(...i))} to ${n(Math.max(...i))}`});return`${e} in the last five minutes. ${i.join("; ")}.`}(e,i,n)}></div>
    </figure>`}function Wr(e){return getComputedStyle(document.documentElement).getPropertyValue(e).trim()}function Ir(e){return new Date(1e3*e).toLocaleTimeString("en-GB",{hour:"2-digit",minute:"2-digit"})}const Ur=Ne(()=>pt.value.map(({second:e})=>e)),zr=(e,t,n,i={})=>({label:e,colour:t,values:Ne(()=>pt.value.map(n)),...i}),Hr=[{title:"Requests",unit:"per second",format:Dt,lines:[zr("requests","--accent",({requests:e})=>e,{filled:!0})]},{title:"Errors",unit:"per second, by fault",format:Dt,lines:[zr("gateway","--critical",({errors:e})=>e.gateway),zr("upstream","--warning",({errors:e})=>e.upstream,{dash:[6,3]}),zr("client","--muted",({errors:e})=>e.client,{dash:[2,3]})]},{title:"Duration",unit:"percentiles",format:Lt,lines:[zr("99th","--accent-3",({p99:e})=>e,{dash:[2,3]}),zr("95th","--accent-2",({p95:e})=>e,{dash:[6,3]}),zr("median","--accent",({p50:e})=>e)]},{title:"Event-loop delay",unit:"of the slowest thread",format:Lt,lines:[zr("delay","--accent",({loopDelay:e})=>e,{filled:!0})]}];function Fr(){return nt`
    <section class="charts" aria-label="The last five minutes">
      ${Hr.map(e=>nt`<${Nr} key=${e.title} ...${e} times=${Ur} marks=${ft} now=${ut} />`)}
    </section>
    <${Br} />`}const Gr={started:"started",reloaded:"took over",refused:"refused a reload"};function Br(){const e=ft.value??[];return nt`
    ${e.length>0&&nt`
      <ul class="marks" aria-label="Starts and reloads of the last five minutes">
        ${e.slice(-6).toReversed().map(e=>nt`<${Vr} key=${e.time} ...${e} />`)}
      </ul>`}
    ${pt.value.length<240&&nt`
      <p class="hint">Figures are collected while somebody watches: the lines begin with the first look.</p>`}`}function Vr({time:e,type:t,generation:n,trigger:i,by:l}){return nt`
    <li class=${t}>
      <time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time> generation ${n} ${Gr[t]}
      ${void 0!==i&&` (${i}${void 0===l?"":` by ${l}`})`}
    </li>`}const Yr={critical:"critical",warning:"warning",info:"notice"};function Jr({links:e}){if(void 0===ct.value)return nt`<p role="status">Waiting for the gateway.</p>`;const t=dt.value??[];return nt`
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title" class="hidden">What is wrong</h2>
      <p class="summary" role="status">${function(e){if(0===e.length)return nt`<${Xt} kind="good">Nothing is wrong.<//>`;const t=Object.keys(Yr).map(t=>[t,e.filter(e=>e.severity===t).length]),n=t.filter(([,e])=>e>0).map(([e,t])=>`${t} ${e}`);return nt`<${Xt} kind=${Yr[e[0].severity]}>${Ft(e.length,"problem")}: ${n.join(", ")}<//>`}(t)}</p>
      ${t.length>0&&nt`<ul>${t.map((t,n)=>nt`<${Kr} key=${n} ...${t} links=${e} />`)}</ul>`}
    </section>`}function Kr({severity:e,text:t,since:n,link:i,links:l}){const o=/^#\/([a-z]+)/.exec(i)?.[1];return nt`
    <li class=${e}>
      <${Xt} kind=${Yr[e]}>${e}<//>
      <span class="text">${t}</span>
      ${void 0!==n&&nt`<time dateTime=${new Date(n).toISOString()}>since ${Ht(n)}</time>`}
      ${"overview"!==o&&l.includes(o)&&nt`<a href=${i} aria-label=${`Show more about: ${t}`}>Show</a>`}
    </li>`}function Zr({name:e,value:t,unit:n,detail:i}){return nt`
    <div>
      <dt>${e}</dt>
      <dd><span class="value">${t}</span>${n&&nt`<span class="unit">${n}</span>`}</dd>
      ${i&&nt`<dd class="detail">${i}</dd>`}
    </div>`}const Xr=mt("threads");function Qr(){const e=pt.value.at(-1),{generation:t,loadedAt:n,warnings:i=[]}=ct.value??{},{startedAt:l}=at.value??{},o=Object.values(Xr.value);return nt`
    <dl class="tiles" aria-label="Figures of now">
      <${Zr} name="Requests" value=${Dt(e?.requests)} unit="/s" />
      <${Zr} name="Errors" value=${Dt(e&&(s=e.errors,Object.values(s).reduce((e,t)=>e+t,0)))} unit="/s" detail=${e&&function(e){const t=Object.entries(e).filter(([,e])=>e>0).map(([e,t])=>`${e} ${Dt(t)}`);return 0===t.length?"none":t.join(" · ")}(e.errors)} />
      <${Zr} name="Median" value=${Lt(e?.p50)} />
      <${Zr} name="95th percentile" value=${Lt(e?.p95)} detail=${`99th: ${Lt(e?.p99)}`} />
      <${Zr} name="In flight" value=${Dt(e?.inFlight)} detail=${e&&`on ${Ft(e.connections,"connection")}`} />
      <${Zr} name="Event-loop delay" value=${Lt(e?.loopDelay)} />
      <${Zr} name="Memory" value=${Nt(e?.memory)} />
      <${Zr} name="Generation" value=${t??At} detail=${n&&`loaded ${zt(Date.parse(n),ut.value)}`} />
      <${Zr} name="Uptime" value=${l?Ut(ut.value-l):At} />
      <${Zr} name="Threads" value=${void 0===t?At:Math.max(1,o.length)} detail=${function(e){if(0===e.length)return"one for everything";const t=e.filter(({state:e})=>"serving"!==e);return 0===t.length?"all serve":t.map(({number:e,state:t})=>`${e} is ${t}`).join(" · ")}(o)} />
      ${i.length>0&&nt`<${Zr} name="Warnings" value=${i.length} detail="of the configuration" />`}
    </dl>`;var s}function ea(e,t){if(e.includes(t))return[t];const n=e.filter(e=>e.includes(t));return 0===n.length?[t]:n}function ta(e){const t=e.toLowerCase();return/^[1-5]x?$/.test(t)?[`${t[0]}xx`]:/^[1-5]\d$/.test(t)?Array.from({length:10},(e,n)=>t+n):[t]}function na({id:e,thread:t,time:n,durationMs:i}){return`${n}/${i}/${t}/${e}`}function ia(e,t){const n=new Map(e.map(e=>[na(e),e]));return t.map(e=>n.get(na(e))??e)}function la({status:e,grpcStatus:t}){return void 0!==t&&"OK"!==t&&e<400?"warning":e>=500?"critical":e>=400?"warning":"good"}function oa({status:e,grpcStatus:t}){return void 0===t?String(e):`${e} ${t}`}function sa(e){return e.replace(/^[a-z]+:\/\//,"")}function ra({path:e,query:t}){return void 0===e||void 0===t?e:`${e}?${t}`}function aa(e){return e<1?`${Number(e.toPrecision(2))} ms`:Lt(e)}const ua=[{name:"time",title:"Time",hint:"When it began",by:({time:e,durationMs:t})=>e+t,cell:function({time:e}){return nt`<time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time>`}},{name:"request",title:"Request",cell:function(e){const{id:t,method:n=""}=e,i=ra(e)??`request ${t}`;return nt`<a class="cut asked" href=${Vt("requests",{},t)} title=${`${n} ${i}`}><b>${n}</b> ${i}</a>`}},{name:"status",title:"Status",by:({status:e})=>e,cell:function(e){return nt`<span class="cut" title=${oa(e)}><${Xt} kind=${la(e)}>${oa(e)}<//></span>`}},{name:"duration",title:"Took",number:!0,by:({durationMs:e})=>e,cell:({durationMs:e})=>Lt(e)},{name:"reason",title:"Reason",minor:!0,cell:function({reason:e,policy:t}){return void 0===e?null:nt`<span class="cut" title=${void 0===t?e:`${e} by ${t}`}>
    ${e}${void 0!==t&&nt` <span class="dim">by ${t}</span>`}</span>`}},{name:"route",title:"Route",minor:!0,cell:function({route:e}){return void 0===e?nt`<span class="dim">none</span>`:nt`<a class="cut" href=${Vt("routes",{},e)} title=${e}>${e}</a>`}},{name:"target",title:"Target",minor:!0,hint:"Where the last attempt went",cell:function(e){const{target:t,upstream:n=""}=e;if(void 0===t)return null;const i=function({attempts:e,attemptsLeftOut:t=0}){return e.length+t}(e);return nt`<span class="cut" title=${`${n} ${t}`}>
    ${sa(t)}${i>1&&nt` <span class="tag" title=${`${i} attempts`}>×${i}</span>`}</span>`}},{name:"client",title:"Client",minor:!0,cell:({clientIp:e})=>nt`<span class="cut" title=${e}>${e}</span>`}],ca=[...ua,{name:"thread",title:"Thread",number:!0,minor:!0,cell:({thread:e})=>e}];function da({requests:e,filtered:t}){const n=e.some(({thread:e})=>void 0!==e);return nt`
    <${Tn} caption="Last requests" columns=${n?ca:ua} rows=${e} keyOf=${na} sort="-time"
      empty=${t?"No request that is kept fits.":"No request has ended yet."} />`}const[fa,pa]=[100,500],ha=mt("routes");function ma(){const[e,t]=oe(fa),[n,i]=oe(!1),[l,o]=oe(!1),[s,r]=oe(!1),a=re(new Set),u=re({}),{value:c}=sn(`/requests?limit=${pa}`),d=({requests:e})=>{for(const{reason:t}of e)void 0!==t&&a.current.add(t)};void 0!==c&&d(c);const f={reasons:[...a.current],routes:Object.keys(ha.value)},p=function(e,{reasons:t,routes:n},i){const l=t=>(e.get(t)??"").trim(),o=e=>l(e).split(/[\s,]+/).filter(e=>""!==e),s=l("route"),r=ea(n,s);return`/requests?${new URLSearchParams(Object.entries({status:o("status").flatMap(ta).join(),reason:o("reason").flatMap(e=>ea(t,e)).join(),route:1===r.length?r[0]:s,id:l("id"),limit:i}).filter(([,e])=>""!==e))}`}(Bt.value.query,f,e),h=(n||l)&&u.current.path===p,{value:m,problem:$}=sn(h?void 0:p,{every:s?void 0:1e3,after:ct.value?.generation});if(se(()=>{h||r(404===$?.status)},[h,$]),void 0!==m&&m!==u.current.value&&(u.current={path:p,value:m,requests:ia(u.current.requests??[],m.requests)},d(m)),s||404===$?.status)return nt`<${va} />`;const{value:v,requests:_}=u.current;if(void 0===v)return nt`<${ln} problem=${$} />`;const{silentThreads:g=[]}=v;return nt`
    <div class="tools">
      <${un} name="status" label="Status" placeholder="404, 5xx" suggestions=${["2xx","3xx","4xx","5xx","429","499"]} />
      <${un} name="reason" label="Reason" placeholder="rate-limited" suggestions=${f.reasons} />
      <${un} name="route" label="Route" suggestions=${f.routes} />
      <${un} name="id" label="Id" placeholder="from its beginning" />
      <${$a} stopped=${n} pointed=${l} onStop=${()=>i(!n)} />
    </div>
    ${400===$?.status&&nt`<p class="problem" role="alert">${on($)}</p>`}
    ${g.length>0&&nt`<p role="status" class="silent"><${Xt} kind="warning">${function(e){return`${1===e.length?"Thread":"Threads"} ${e.join(", ")} did not respond within a second: `+(1===e.length?"its":"their")+" requests are missing here."}(g)}<//></p>`}
    <div class="card requests" onPointerOver=${({target:e})=>o(null!==e.closest("tbody"))} onPointerLeave=${()=>o(!1)}
      onFocusIn=${({target:e})=>o(null!==e.closest("tbody"))} onFocusOut=${()=>o(!1)}>
      <${da} requests=${_} filtered=${[...Bt.value.query.keys()].some(e=>"sort"!==e)} />
      ${_.length>0&&nt`<p class="hint">
        The newest ${Ft(_.length,"request")}; one appears when it has ended. Failed and rejected ones are kept apart from the
        others, so that no rush of successes hides them.
        ${_.length===fa&&e===fa&&nt`
          ${" "}<button type="button" class="quiet" onClick=${()=>t(pa)}>Show up to ${pa}</button>`}
      </p>`}
    </div>`}function $a({stopped:e,pointed:t,onStop:n}){return nt`
    <div class="liveness">
      <span role="status">
        ${e?nt`<${Xt} kind="notice">held<//>`:t?nt`<${Xt} kind="notice">held while you are at a row<//>`:nt`<${Xt} kind="good">live<//>`}
      </span>
      <button type="button" onClick=${n}>${e?"Go on":"Hold"}</button>
    </div>`}function va(){return nt`
    <p class="card empty">No requests are kept: the configuration has <code>console.requests: 0</code>. A number there, such as 300, is
      how many each thread keeps of those that went well, and as many of those that failed or were rejected.</p>`}function _a({story:{attempts:e,attemptsLeftOut:t=0,durationMs:n}}){const i=e.length-1,l=e.map((e,l)=>({...e,number:l+1+(l===i?t:0),durationMs:n}));return nt`
    <section class="card attempts" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Attempts</h2>
      <${Tn} caption="Attempts" columns=${ga} rows=${l} keyOf=${({number:e})=>String(e)} />
      ${t>0&&nt`<p class="hint">${t} between the last one and those before it are not kept.</p>`}
    </section>`}const ga=[{name:"number",title:"No.",cell:({number:e})=>e},{name:"target",title:"Target",cell:({target:e})=>void 0===e?At:sa(e)},{name:"kind",title:"Kind",minor:!0,cell:({kind:e})=>e},{name:"result",title:"Result",cell:function({answered:e,ended:t,failure:n,status:i}){return void 0!==n?nt`<${Xt} kind="critical">${void 0===i?n:`${i}, then ${n}`}<//>`:void 0!==i?nt`<${Xt} kind=${la({status:i})}>${i}<//>`:nt`<${Xt} kind="off">${void 0===t||void 0===e?"given up":"answered"}<//>`}},{name:"started",title:"Began after",number:!0,minor:!0,cell:({started:e})=>aa(e)},{name:"answered",title:"Headers after",number:!0,minor:!0,hint:"From its start to those of the response",cell:function({started:e,answered:t}){return void 0===t?At:aa(t-e)}},{name:"took",title:"Took",number:!0,minor:!0,cell:function({started:e,ended:t,durationMs:n}){return aa((t??n)-e)}}];function ya({story:e}){const{time:t,durationMs:n,upstreamMs:i,clientIp:l,protocol:o,route:s,policy:r,fault:a,upstream:u}=e,{bytesIn:c,bytesOut:d,generation:f,thread:p,traceId:h}=e,m=aa(n),$=[["Began",nt`${Ht(t)}, <${pn} time=${t} />`],["Took",void 0===i?m:`${m}, ${aa(i)} of it upstream`],["Client",l],["Protocol",o],["Route",void 0===s?"none":nt`<a href=${Vt("routes",{},s)}>${s}</a>`],["Upstream",void 0===u?void 0:nt`<a href=${Vt("upstreams",{},u)}>${u}</a>`],["Refused by",r],["Fault of",a],["Request body",Nt(c)],["Response body",void 0===d?void 0:Nt(d)],["Generation",f],["Thread",p],["Trace",void 0===h?void 0:nt`<span class="mono">${h}</span>`]];return nt`
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl class="pairs short">
        ${$.filter(([,e])=>void 0!==e).map(([e,t])=>nt`<dt key=${e}>${e}</dt><dd>${t}</dd>`)}
      </dl>
    </section>`}const ba={passed:["good","passed"],refused:["warning","refused it"],after:["off","after the refusal"],unknown:["off","not known"]},wa=[{name:"policy",title:"Policy",cell:({name:e})=>e},{name:"plugin",title:"Plugin",minor:!0,cell:({plugin:e})=>nt`<span class="dim">${e}</span>`},{name:"verdict",title:"Verdict",cell:function({verdict:e="unknown"}){const[t,n]=ba[e];return nt`<${Xt} kind=${t}>${n}<//>`}}];function ka({policies:e}){return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Tn} caption="Policies" columns=${wa} rows=${e} keyOf=${({name:e})=>e} />
      <p class="hint">In running order, by the configuration that served the request.</p>
    </section>`}const xa={request:"Whole request",before:"Before the first attempt",send:"Send the request",wait:"Wait for the response",receive:"Receive the response",pause:"Pause before the retry",after:"After the last attempt"};function Sa({story:e}){const{durationMs:t,spans:n}=e;return 1===n.length?null:nt`
    <section class="card" aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">Where the time went</h2>
      <div class="scroll" role="group" aria-label="Parts of the request" tabindex="0">
        <table class="waterfall">
          <caption class="hidden">Parts of the request</caption>
          <thead><tr>
            <th scope="col">Part</th>
            <th scope="col" class="number minor">Began after</th>
            <th scope="col" class="number">Took</th>
            <th scope="col"><span class="axis"><i>0</i><i>${aa(t/2)}</i><i>${aa(t)}</i></span></th>
          </tr></thead>
          <tbody>${function({spans:e,attempts:t,attemptsLeftOut:n=0}){const i=Math.max(...e.map(({start:e,duration:t})=>e+t)),l=e=>0===i?0:Math.round(e/i*1e5)/1e3;return e.map(({name:e,level:i,start:o,duration:s,attempt:r})=>{const a=t[r],u=r+1+(r===t.length-1?n:0);return{label:xa[e]??`Attempt ${u}${void 0===a.target?"":` at ${sa(a.target)}`}`,level:i,start:o,duration:s,left:l(o),width:l(s),tone:0===i?"whole":"attempt"===e?void 0===a.failure?"attempt":"failed":2===i?"part":"own"}})}(e).map((e,t)=>nt`<${Ta} key=${t} ...${e} />`)}</tbody>
        </table>
      </div>
    </section>`}function Ta({label:e,level:t,start:n,duration:i,left:l,width:o,tone:s}){return nt`
    <tr>
      <th scope="row" class=${`level-${t}`}>${e}</th>
      <td class="number minor">${aa(n)}</td>
      <td class="number">${aa(i)}</td>
      <td><span class="track"><i class=${s} style=${{left:`min(${l}%, 100% - 2px)`,width:`${o}%`}}></i></span></td>
    </tr>`}function Ma({id:e}){const{value:t,problem:n}=sn(`/requests/${encodeURIComponent(e)}`);if(404===n?.status)return nt`<${Ea} problem=${n} />`;if(void 0===t)return nt`<${ln} problem=${n} />`;if(void 0===t.spans)return nt`<${Ea} problem=${{message:""}} />`;const{attempts:i,policies:l}=t;return nt`
    <div class="columns">
      <div>
        <${Pa} story=${t} />
        ${l.length>0&&nt`<${ka} policies=${l} />`}
        ${i.length>0&&nt`<${_a} story=${t} />`}
      </div>
      <${ya} story=${t} />
    </div>
    <${Sa} story=${t} />`}function Pa({story:e}){const{method:t="",words:n,reason:i,help:l,traceUrl:o}=e;return nt`
    <section class="card told" aria-labelledby="told-title">
      <h2 id="told-title" class="break">
        <${Xt} kind=${la(e)}>${oa(e)}<//> <span class="mono">${t} ${ra(e)}</span>
      </h2>
      <ol>${n.map((e,t)=>nt`<li key=${t}>${e}</li>`)}</ol>
      ${void 0!==l&&nt`<p><b>${i}</b>: ${l.split("`").map(qa)}</p>`}
      <p class="links">
        <${Ca} story=${e} />
        ${void 0!==o&&nt`<a href=${o} target="_blank" rel="noreferrer">Open its trace</a>`}
      </p>
    </section>`}function qa(e,t){return t%2==0?e:nt`<code key=${t}>${e}</code>`}function Ca({story:e}){const{method:t,clientIp:n}=e,i=ra(e);if(void 0===t||void 0===i||/…|\[redacted\]/.test(t+i))return null;return nt`<a href=${Vt("explain",{method:t,url:i,ip:"[redacted]"===n?void 0:n})}>Explain this request</a>`}function Ea({problem:{message:e}}){return nt`
    <div class="card">
      <p>
        <${Xt} kind="off">The gateway keeps no request with this id${/; thread .*$/.exec(e)?.[0]}.<//>
      </p>
      <p class="hint">
        Each thread keeps its last requests: <code>console.requests</code> says how many. Later ones replace them, and a restart forgets
        them. <a href=${Vt("requests")}>Show those that are kept</a>
      </p>
    </div>`}function Ra({errors:e}){if(void 0===e)return nt`<span class="dim">${At}</span>`;const{share:t,fault:n,words:i}=e;return void 0===n?Wt(0):nt`<span class="errors" title=${i}><${Oa} fault=${n} /> <span class="share">${Wt(t)}</span></span>`}function Oa({fault:e}){return"client"===e?nt`<span class="dim">client</span>`:nt`<${Xt} kind="warning">${e}<//>`}function Aa(e,t){return e>=500&&void 0!==t?"upstream":void 0}function Da({name:e}){const{value:t,problem:n}=sn(`/requests?${new URLSearchParams({route:e,status:"4xx,5xx",limit:"500"})}`,{every:3e3});return 404===n?.status?null:nt`
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Rejected and failed</h2>
      ${void 0===t?nt`<${ln} problem=${n} />`:nt`
        <${Tn} caption="Rejected and failed requests by reason" columns=${ja(e)} rows=${function(e){const t=new Map;for(const{reason:n,status:i,fault:l,policy:o,upstream:s,time:r,id:a}of e){const e=n??`status ${i} of the ${void 0===s?"route":"upstream"}`,u=`${e} ${o}`,c=t.get(u);void 0!==c?c.count++:t.set(u,{key:u,text:e,reason:n,status:i,policy:o,count:1,last:r,id:a,fault:l??Aa(i,s)})}return[...t.values()]}(t.requests)}
          keyOf=${({key:e})=>e} empty="None of the last requests was rejected or has failed." />
        ${t.requests.length>0&&nt`<p class="hint">Of the requests that the gateway still keeps.</p>`}`}
    </section>`}const ja=e=>[{name:"reason",title:"Reason",cell:({text:t,reason:n,status:i})=>nt`
      <a href=${Vt("requests",{route:e,reason:n,status:void 0===n?i:void 0})}>${t}</a>`},{name:"by",title:"Fault",cell:La},{name:"count",title:"Requests",number:!0,by:({count:e})=>e,cell:({count:e})=>e},{name:"newest",title:"Last one",number:!0,by:({last:e})=>e,cell:Na}];function La({fault:e,policy:t}){return nt`
    ${void 0===e?nt`<span class="dim">none</span>`:nt`<${Oa} fault=${e} />`}
    ${void 0!==t&&nt`, said by <span class="tag">${t}</span>`}`}function Na({last:e,id:t}){return nt`<a href=${Vt("requests",{},t)}><${pn} time=${e} /></a>`}const Wa=[{name:"request",title:"Request",cell:function({id:e,method:t,path:n}){return nt`<a class="break" href=${Vt("requests",{},e)}>${t} ${n}</a>`}},{name:"status",title:"Status",cell:function({status:e,reason:t}){return nt`<${Xt} kind=${e>=500?"critical":e>=400?"warning":"good"}>${e}<//>${void 0!==t&&nt` <small class="dim">${t}</small>`}`}},{name:"took",title:"Took",number:!0,cell:({durationMs:e})=>Lt(e)},{name:"time",title:"When",number:!0,cell:({time:e})=>nt`<${pn} time=${e} />`}];function Ia({name:e}){const{value:t,problem:n}=sn(`/requests?${new URLSearchParams({route:e,limit:"8"})}`,{every:2e3});return nt`
    <section class="card" aria-labelledby="last-title">
      <h2 id="last-title">Last requests</h2>
      ${404===n?.status?nt`<p class="empty">The gateway keeps no requests: <code>console.requests</code> is 0.</p>`:void 0===t?nt`<${ln} problem=${n} />`:nt`
          <${Tn} caption="Last requests" columns=${Wa} rows=${t.requests} keyOf=${({id:e})=>e} empty="There was none yet." />
          <p><a href=${Vt("requests",{route:e})}>Show all that are kept</a></p>`}
    </section>`}const Ua=mt("policies"),za=[{name:"policy",title:"Policy",cell:function({policy:e,step:t,total:n}){const i=n?.limited>0?nt`<a href=${Vt("limits",{filter:e})}>${e}</a>`:e;return nt`<span class="dim">${t}.</span> ${i}`}},{name:"now",title:"Rejects",number:!0,hint:"In the last ten seconds",cell:function({limited:e,refused:t}){return void 0===e?At:nt`${Dt(e+t)}<span class="unit">/s</span>`}},{name:"limited",title:"Limited",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)},{name:"refused",title:"Refused",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.refused)}];function Ha({chain:e}){const t=e.map((e,t)=>({policy:e,step:t+1,...Ua.value[e]}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Tn} caption="Policies in running order" columns=${za} rows=${t} keyOf=${({policy:e})=>e}
        empty="Requests of this route pass no policy." />
      ${t.length>0&&nt`
        <p class="hint">A request passes them in this order. The figures are those of all routes with the policy.</p>`}
    </section>`}const Fa="(none)",Ga="requests that no route served";function Ba(){let e=new Map;return(t,n)=>{const i=e,l=new Map;return e=new Map,[...t,void 0].map(t=>{const o=t?.name??Fa,s=(l.get(o)??0)+1;l.set(o,s);const r=`${o} ${s}`,a=n[o],u=i.get(r),c=void 0!==u&&u.route===t&&u.figures===a?u:function(e,t,n,i,l){const o=n&&Ja(n);return{id:e,name:t,route:n,figures:i,served:o,errors:Ka(i),order:i&&Ya(l,i.rate),search:void 0===n?`${t} ${Ga}`:Va(n,o)}}(r,o,t,a,u?.order);return e.set(r,c),c})}}function Va({name:e,path:t,methods:n,host:i,chain:l},{upstreams:o,text:s}){return[e,t,n,i,s,o.map(e=>e.name),l].flat().filter(Boolean).join(" ")}function Ya(e,t){return void 0!==e&&Math.abs(t-e)<=e/10?e:t}function Ja({upstream:e,target:t,split:n,respond:i,redirect:l,plugin:o}){const s=e??t;if(void 0!==s)return{upstreams:[{name:s}]};if(void 0!==n){const e=n.reduce((e,{weight:t})=>e+t,0);return{upstreams:n.map(({upstream:t,weight:n})=>({name:t,share:0===e?0:n/e}))}}return{upstreams:[],text:void 0!==i?`responds ${i.status??200}`:void 0!==l?`redirects to ${l.to}`:void 0!==o?`plugin ${o}`:"a plugin"}}function Ka(e){if(void 0===e||0===e.rate)return;const t=Object.entries(e.errors).filter(([,e])=>e>0).toSorted(([,e],[,t])=>t-e),n=t.reduce((e,[,t])=>e+t,0);return{share:Math.min(1,n/e.rate),fault:t[0]?.[0],words:t.map(([e,t])=>`${e} ${Dt(t)}/s`).join(", ")}}function Za({upstreams:e,text:t}){return 0===e.length?nt`<span class="dim break">${t}</span>`:e.map(({name:e,share:t},n)=>nt`
    ${n>0&&", "}<a key=${e} class="break" href=${Vt("upstreams",{},e)}>${e}</a>
    ${void 0!==t&&nt` <span class="dim part">${Wt(t)}</span>`}`)}function Xa({route:e}){const{path:t,methods:n=[],host:i,place:l,plugin:o,priority:s}=e;return nt`
    <section class="card" aria-label="Route">
      <dl class="pairs">
        <dt>Path</dt><dd><code>${t}</code></dd>
        <dt>Methods</dt>
        <dd>${0===n.length?"any":n.map(e=>nt`<span key=${e} class="tag">${e}</span> `)}</dd>
        ${void 0!==i&&nt`<dt>Host</dt><dd>${[i].flat().join(", ")}</dd>`}
        <dt>Served by</dt><dd><${Za} ...${Ja(e)} /></dd>
        ${void 0!==s&&nt`<dt>Priority</dt><dd>${s}</dd>`}
        ${void 0!==l&&nt`<dt>Written in</dt><dd><code>${l}</code></dd>`}
        ${void 0!==o&&nt`<dt>Added by</dt><dd>${o}</dd>`}
      </dl>
      <p><a href=${Vt("explain",function({path:e,methods:t=["GET"],host:n}){const i=e.replace(/\*$/,"1").replaceAll("::","\0").replaceAll(/:\w+(?:\([^)]*\))?/g,"1").replaceAll("\0",":"),[l]=[n??[]].flat();return{method:t[0],url:i,header:void 0===l?void 0:`host: ${l.replace(/^\*/,"www")}`}}(e))}>Explain a request to this route</a></p>
    </section>`}const Qa=mt("routes");function eu({name:e}){const t=Qa.value[e];if(void 0===t)return null;const{rate:n,p50:i,p95:l,lastRequest:o,total:s}=t,r=Ka(t),a=r?.words||"none";return nt`
    <dl class="tiles" aria-label="Figures of the last ten seconds">
      <${Zr} name="Requests" value=${Dt(n)} unit="/s" detail=${`${Dt(s.requests)} in all`} />
      <${Zr} name="Errors" value=${Wt(r?.share)} detail=${void 0===r?`${Dt(s.errors)} in all`:a} />
      <${Zr} name="Median" value=${Lt(i)} detail=${`95th percentile: ${Lt(l)}`} />
      <${Zr} name="Limited" value=${Dt(s.limited)} detail="by rate limits, since the start" />
      <${Zr} name="Refused" value=${Dt(s.refused)} detail="by other policies, since the start" />
      <${Zr} name="Last request" value=${null===o?At:nt`<${pn} time=${o} />`} />
    </dl>`}function tu({name:e}){const{value:t}=sn(`/routes?${new URLSearchParams({name:e,format:"yaml"})}`,{after:ct.value?.generation});return void 0===t?null:nt`
    <section class="card" aria-labelledby="written-title">
      <h2 id="written-title">Configuration</h2>
      <${an} text=${t} kind="yaml" label="The route as it would be written, with all defaults" />
    </section>`}function nu({name:e}){return e===Fa?nt`<${lu} />`:nt`<${iu} name=${e} />`}function iu({name:e}){const t=ct.value?.generation,n=void 0===t?void 0:`/routes?${new URLSearchParams({name:e})}`,{value:i,problem:l}=sn(n,{after:t});return void 0===i?nt`<${ln} problem=${l} />`:0===i.length?nt`
    <p class="card empty">The configuration has no route with this name. <a href=${Vt("routes")}>Show all routes</a></p>`:nt`
    ${i.length>1&&nt`
      <p class="card empty">${i.length} routes have this name: their requests are counted together. Give each a name of its own.</p>`}
    <${eu} name=${e} />
    <div class="columns route">
      <div>
        ${i.map((e,t)=>nt`<${Xa} key=${t} route=${e} />`)}
        ${i.some(({plugin:e})=>void 0===e)&&nt`<${tu} name=${e} />`}
      </div>
      <div>
        <${Ha} chain=${i[0].chain} />
        <${Da} name=${e} />
        <${Ia} name=${e} />
      </div>
    </div>`}function lu(){return nt`
    <p class="card empty">
      No route of the configuration served these requests: none fits their path, method, host or conditions, or the gateway rejected
      them before it chose one.
    </p>
    <${eu} name=${Fa} />
    <div class="columns route"><${Da} name=${Fa} /><${Ia} name=${Fa} /></div>`}const ou=(e,t,n,i,l={})=>({name:e,title:t,number:!0,by:({route:e,figures:t})=>e&&t&&n(t),cell:({figures:e})=>i(e&&n(e)),...l}),su=(e,t,n,i,l={})=>({name:e,title:t,by:e=>e.route&&n(e),cell:i,...l}),ru=e=>e>0?Dt(e):nt`<span class="dim">${Dt(e)}</span>`,au=nt`<span class="dim">${At}</span>`,uu=e=>null==e?au:Lt(e),cu="since the start of the gateway",du=[su("route","Route",({name:e})=>e,function({name:e,route:t}){const{path:n,methods:i=[],host:l,priority:o="normal"}=t??{};return nt`
    <a class="break" href=${Vt("routes",{},e)}>${e}</a>
    ${i.map(e=>nt` <span key=${e} class="tag">${e}</span>`)}
    ${"normal"!==o&&nt` <span class="tag">${o} priority</span>`}
    <${pu} path=${n===e?void 0:n} host=${l} />
    ${void 0===t&&nt`<small>${Ga}</small>`}`}),su("served","Served by",({served:{upstreams:e,text:t}})=>e[0]?.name??t,function({served:e}){return void 0===e?nt`<span class="dim">no route</span>`:nt`<${Za} ...${e} />`},{minor:!0}),{name:"rate",title:"Rate",number:!0,hint:"Requests per second in the last ten seconds",by:({route:e,order:t})=>e&&t,cell:({figures:e})=>nt`${Dt(e?.rate)}<span class="unit">/s</span>`},{name:"errors",title:"Errors",number:!0,hint:"The part of the requests of the last ten seconds that failed, and whose fault most of that is",by:({route:e,errors:t})=>e&&t?.share,cell:({errors:e})=>nt`<${Ra} errors=${e} />`},ou("p50","Median",({p50:e})=>e,uu,{minor:!0,hint:"In the last ten seconds"}),ou("p95","95th",({p95:e})=>e,uu,{hint:"95th percentile, in the last ten seconds"}),ou("last","Last request",({lastRequest:e})=>e,e=>null==e?au:nt`<${pn} time=${e} />`,{minor:!0}),ou("limited","Limited",({total:e})=>e.limited,ru,{minor:!0,hint:`By rate limits, ${cu}`}),ou("refused","Refused",({total:e})=>e.refused,ru,{minor:!0,hint:`By other policies, ${cu}`}),su("policies","Policies",({route:e})=>e.policies.join(" ")||void 0,function({route:e}){const{policies:t=[]}=e??{};return 0===t.length?au:t.map(e=>nt`<span key=${e} class="tag">${e}</span> `)},{minor:!0})];function fu({rows:e,empty:t}){return nt`<${Tn} caption="Routes" columns=${du} rows=${e} keyOf=${({id:e})=>e} sort="-rate" empty=${t} />`}function pu({path:e,host:t}){const n=[e,void 0===t?void 0:`at ${[t].flat().join(", ")}`].filter(Boolean);return n.length>0&&nt`<small class="break">${n.join(" ")}</small>`}const hu=mt("routes");function mu(){const e=ct.value?.generation,{value:t,problem:n}=sn(void 0===e?void 0:"/routes",{after:e}),i=ae(Ba,[]);if(void 0===t)return nt`<${ln} problem=${n} />`;const l=Bt.value.query.get("filter")??"",o=i(t,hu.value).filter(({search:e})=>cn(l,e)),s=o.filter(({route:e})=>void 0!==e).length;return nt`
    <div class="tools">
      <${un} name="filter" label="Path, method, upstream or policy" />
      <span class="count" role="status">${s===t.length?"":`${s} of `}${Ft(t.length,"route")}</span>
    </div>
    <div class="card routes"><${fu} rows=${o} empty="No route fits the filter." /></div>`}const $u=[{name:"overview",title:"Overview",View:function({links:e}){return nt`<${Jr} links=${e} /><${Qr} /><${Fr} />`}},{name:"routes",title:"Routes",View:function({item:e}){return""===e?nt`<${mu} />`:nt`<${nu} name=${e} />`},items:!0},{name:"limits",title:"Limits",View:function(){const{value:e,problem:t,again:n}=sn("/limits",{every:1e3}),[i,l]=oe([]),[o,s]=oe();if(se(()=>{void 0!==e&&l(t=>function(e,t,n){const i=t.flatMap(({policy:e,algorithm:t,limited:i})=>i.map(({retryAfterMs:i,resetMs:l,...o})=>({...o,id:Ai(e,o),policy:e,resettable:"concurrency"!==t,limited:!0,seen:n,freeAt:void 0===i?void 0:n+i,fullAt:void 0===l?void 0:n+l}))),l=new Set(i.map(({id:e})=>e)),o=e.filter(({id:e,seen:t})=>!l.has(e)&&t>n-3e4);return[...i,...o.map(e=>e.limited?{...e,limited:!1}:e)].slice(0,500)}(t,e,ut.peek()))},[e]),404===t?.status)return nt`<p class="card empty">The configuration has no rate-limiting policy in use.</p>`;if(void 0===e)return nt`<${ln} problem=${t} />`;const r=Bt.value.query.get("filter")??"",a=i.filter(({policy:e,key:t,tier:n=""})=>cn(r,e,t,n));return nt`
    <${Ei} policies=${e} />
    <section class="card" aria-labelledby="limited-title">
      <h2 id="limited-title">Limited keys</h2>
      <div class="tools inside">
        <${un} name="filter" label="Policy or key" />
        <span class="count" role="status">${Ft(a.filter(({limited:e})=>e).length,"key")} limited now</span>
      </div>
      <${ki} rows=${a} onReset=${s} />
      <p class="hint">
        A key stays in the list for half a minute after it was limited. The gateway lists 100 at most, the longest wait first.
      </p>
    </section>
    ${void 0!==o&&nt`<${Di} row=${o} onClose=${()=>{s(void 0),n()}} />`}`}},{name:"requests",title:"Requests",View:function({item:e}){return""===e?nt`<${ma} />`:nt`<${Ma} id=${e} />`},items:!0},{name:"explain",title:"Explain",View:function({links:e}){const{query:t}=Bt.value,n=t.toString(),[i,l]=oe(()=>Gn(t)),[o,s]=oe({}),r=re(void 0),a=re(void 0),u=async e=>{a.current=e;const t=await async function(e){try{return{asked:e,rehearsal:await lt("/explain",{method:"POST",body:Bn(e)}),at:ut.peek()}}catch(t){return 401===t.status&&Et(),{asked:e,problem:t}}}(e);a.current===e&&s(t)};se(()=>{if(r.current===n)return;const e=Gn(t);l(e),s({}),""!==e.url&&u(e)},[n]);const{problem:c,rehearsal:d}=o,f=function(e){const[,t,n]=400===e?.status?/^`(method|url|ip|header)` (.*)/.exec(e.message)??[]:[];return void 0===t?void 0:{name:t,text:`It ${n}.`}}(c);return nt`
    <${yi} form=${i} wrong=${f} onChange=${e=>l({...i,...e})} onSubmit=${()=>{Yt(function(e){const{method:t,url:n,ip:i,headers:l,withSecrets:o}=e,s=o?[]:Yn(e);return{method:t,url:s.includes(Vn)?n.split("?")[0].replace(/\/\/[^/]*@/,"//"):n,ip:i,header:Jn(l).filter(e=>o||!Xn(e)).join("\n"),without:s.join(", ")}}(i)),r.current=Bt.peek().query.toString(),u(i)}} />
    ${void 0!==c&&void 0===f&&nt`<div class="card"><${ln} problem=${function(e){return 503===e.status?{status:503,message:"Too many rehearsals wait. The gateway makes one at a time: explain again in a moment."}:e}(c)} /></div>`}
    ${void 0!==d&&nt`<${di} answer=${o} links=${e} again=${()=>u(o.asked)} />`}`}},{name:"configuration",title:"Configuration",View:function({item:e}){const{generation:t,lastReload:n}=ct.value??{},i=[t,n?.at,ft.value?.at(-1)?.time].join(),{value:l,problem:o,again:s}=sn("/reloads",{after:i});return void 0===l?nt`<${ln} problem=${o} />`:""!==e?nt`<${Nn} records=${l.reloads} number=${Number(e)} again=${s} />`:nt`
    <${On} />
    <${In} known=${l} again=${s} />
    <${En} records=${l.reloads} />
    <${fn} path="/config?format=yaml" after=${t} title="Effective configuration" />`},items:!0}],vu=mt("threads"),_u=$u.map(({name:e})=>e);function gu(e){e.preventDefault(),document.getElementById("main").focus()}function yu(){const{host:e}=at.value??{};return se(()=>{document.title=void 0===e?"Onedoor":`${e} · Onedoor`},[e]),nt`<p class="name"><strong>Onedoor</strong> ${e}</p>`}function bu(){const{startedAt:e,version:t}=at.value??{},{generation:n}=ct.value??{},i=Object.keys(vu.value).length;return nt`
    <dl class="facts">
      <div><dt>State</dt><dd><${wu} /></dd></div>
      ${void 0!==n&&nt`<div><dt>Generation</dt><dd>${n}</dd></div>`}
      ${void 0!==e&&nt`<div><dt>Uptime</dt><dd>${Ut(ut.value-e)}</dd></div>`}
      ${void 0!==n&&nt`<div><dt>Threads</dt><dd>${Math.max(1,i)}</dd></div>`}
      ${void 0!==t&&nt`<div class="minor"><dt>Version</dt><dd>${t}</dd></div>`}
    </dl>`}function wu(){const{status:e,lastReload:t}=ct.value??{};return"lost"===$t.value?nt`<${Xt} kind="critical">not reached<//>`:void 0===e?nt`<${Xt} kind="off">connecting<//>`:"ready"!==e?nt`<${Xt} kind="warning">${e}<//>`:!1===t?.ok?nt`<${Xt} kind="warning">serving, last reload refused<//>`:nt`<${Xt} kind="good">serving<//>`}function ku(){const{by:e,role:t}=qt.value;return void 0===t?null:nt`
    <p class="who">
      <span title="What you may do here">${"operate"===t?"may operate":"may look"}</span>
      ${"session"===e&&nt`<button type="button" class="quiet" onClick=${Rt}>Log out</button>`}
    </p>`}function xu({current:e}){const t=re(null);return se(()=>t.current.querySelector("[aria-current]").scrollIntoView({block:"nearest",inline:"center"}),[e]),nt`
    <nav aria-label="Views" ref=${t}>
      <ul>
        ${$u.map(({name:t,title:n})=>nt`
          <li key=${t}><a href=${Vt(t)} aria-current=${t===e?"page":void 0}>${n}</a></li>`)}
      </ul>
    </nav>`}function Su(){const e=vt.value,t="lost"===$t.value;return nt`
    <div role="status" class="freshness">
      ${(e>0||t)&&nt`<p class="stale">
        <${Xt} kind="warning">${t?"No connection to the gateway; trying again.":"The gateway is silent."}<//>
        ${e>0&&nt` <span aria-hidden="true">The data is ${Ft(e,"second")} old.</span>`}
      </p>`}
    </div>`}function Tu({view:{name:e,title:t,View:n},item:i}){const l=re(null);return se(()=>{scrollTo(0,0),document.activeElement!==document.body&&l.current?.focus({preventScroll:!0})},[]),nt`
    <main id="main" tabindex="-1" ref=${l} class=${vt.value>0?"old":void 0}>
      <h1>${""===i?t:nt`<a href=${Vt(e)}>${t}</a> <span class="item">${i}</span>`}</h1>
      <${n} links=${_u} item=${i} />
    </main>`}!function(t,n){var i,l,o,s;e.__&&e.__(t,n),9==n.nodeType&&(n=n.documentElement),l=(i=t&&32&t.__u)?null:n.__k,n.__k=y(b,{children:[t]}),o=[],s=[],O(n,n.__k,l||f,f,n.namespaceURI,l?null:n.firstChild?$.call(n.childNodes):null,o,l?l.__e:n.firstChild,i,s),j(o,n.__k,s),n.__k.props.children=null}(nt`<${function(){const{state:e}=qt.value;if("out"===e)return nt`<${Gt} />`;const t=$u.find(({name:e})=>e===Bt.value.view)??$u[0],n=!0===t.items?Bt.value.item:"";return nt`
    <a class="skip" href="#main" onClick=${gu}>Skip to the content</a>
    <header class="top">
      <${yu} />
      <${bu} />
      <${ku} />
    </header>
    <${xu} current=${t.name} />
    <${Su} />
    <${Tu} view=${t} item=${n} key=${`${t.name}/${n}`} />
    <${nn} />`}} />`,document.getElementById("console")),Et();
