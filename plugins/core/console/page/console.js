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
var e,t,n,i,o,l,r,s,a,u,c,d=Symbol.for("pv"),f={},p=[],h=/^m(i|n|o|s|text|space)$/,m=Array.isArray,$=p.slice,g=Object.assign;function v(e){e&&e.parentNode&&e.remove()}function _(e,t,n){var i,o,l,r={},s=arguments.length;for(l in t)"key"==l?i=t[l]:"ref"==l&&"function"!=typeof e?o=t[l]:r[l]=t[l];return s>2&&(r.children=s>3?$.call(arguments,2):n),b(e,r,i,o,null)}function b(n,i,o,l,r){var s={type:n,props:i,key:o,ref:l,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:r||++t,__i:-1,__u:0};return!r&&e.vnode&&e.vnode(s),s}function y(e){return e.children}function w(e,t){this.props=e,this.context=t,this.__g=0}function k(e,t){if(null==t)return e.__&&k(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return"function"!=typeof e.type||e.props.__P?null:k(e)}function x(t){var n,i=t.__v,o=i.__e,l=[],r=[],s=t.__P;s&&((n=g({constructor:d},i)).__v=i.__v+1,e.vnode&&e.vnode(n),R(s,n,i,t.__n,s.namespaceURI,32&i.__u?[o]:null,l,o||k(i),32&i.__u,r),n.__v=i.__v,n.__.__k[n.__i]=n,j(l,n,r),i.__=i.__e=null,n.__e!=o&&S(n))}function S(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),S(e)}function T(t){(8&t.__g||(t.__g|=8,i.push(t),l++))&&o==e.debounceRendering||((o=e.debounceRendering)||queueMicrotask)(M)}function M(){try{for(var e,t=1;i.length;)i.length>t&&i.sort(r),e=i.shift(),t=i.length,8&e.__g&&x(e)}finally{(l=i.length)&&(o||queueMicrotask)(M)}}function C(e,t,n,i,o,l,r,s,a,u,c){var h,$,g,v,_,w,x=i.__k||p,S=t.length;for(a=function(e,t,n,i,o){var l,r,s,a,u,c,f,p,h,$=n.length,g=$,v=0,_=0,w=e.__k=Array(o);for(l=0;l<o;l++)null!=(r=t[l])&&"boolean"!=typeof r&&"function"!=typeof r?("object"!=typeof r||r.constructor===String?r=w[l]=b(null,r):m(r)?r=w[l]=b(y,{children:r}):r.constructor===d&&r.__b?r=w[l]=b(r.type,r.props,r.key,r.ref,r.__v):w[l]=r,a=l+v,r.__=e,r.__b=e.__b+1,s=null,~(u=r.__i=q(r,n,a,g))&&(g--,(s=n[u])&&(s.__u|=2)),s&&s.__v?(r.__u|=16,u==a-1?v--:u==a+1?v++:u!=a&&(u>a?v--:v++,_=1)):(~u||(o>$?v--:o<$&&v++),"function"!=typeof r.type&&(r.__u|=4))):w[l]=null;if(_){for(c=[],f=[],l=0;l<o;l++)if((r=w[l])&&16&r.__u){for(v=0,p=c.length;v<p;)c[h=v+p>>1]<r.__i?v=h+1:p=h;c[v]=r.__i,f[l]=v+1}for(v=c.length;l--;)f[l]&&(f[l]==v?v--:w[l].__u|=4)}if(g)for(l=0;l<$;l++)!(s=n[l])||2&s.__u||(s.__e==i&&(i=k(s)),W(s,s));return i}(n,t,x,a,S),h=0;h<S;h++)null!=(g=n.__k[h])&&($=~g.__i&&x[g.__i]||f,g.__i=h,w=R(e,g,$,o,l,r,s,a,u,c),v=g.__e,($.ref!=g.ref||8&$.__u)&&($.ref&&N($.ref,null,g,$),g.ref&&c.push(g.ref,g.__c||v,g)),_=_||v,4&g.__u?(a=P(g,a,e,!$.__v),$.__e&&($.__e=null)):"function"==typeof g.type&&void 0!==w?a=w:v&&(a=v.nextSibling),g.__u&=-21);return n.__e=_,a}function P(e,t,n,i){var o,l,r,s;if("function"==typeof e.type){if(e.props.__P)return t;if(o=e.__k)for(l=0;l<o.length;l++)o[l]&&(o[l].__=e,t=P(o[l],t,n,!1));return t}for(t&&!t.parentNode&&(t=k(e))&&!t.parentNode&&(t=null),r=e.__e,s=t;s&&8==s.nodeType;)s=s.nextSibling;for(r!=s&&(!i&&n.moveBefore&&r.parentNode?n.moveBefore(r,t):n.insertBefore(r,t||null)),t=r;(t=t&&t.nextSibling)&&8==t.nodeType&&!t.data.startsWith("$s"););return t}function q(e,t,n,i){var o,l=e.key,r=e.type,s=t[n],a=s&&!(2&s.__u);if(null===s&&null==l||a&&l==s.key&&r==s.type)return n;if(i>(a?1:0)){for(o=n-1;o>=0;o--)if((s=t[o])&&!(2&s.__u)&&l==s.key&&r==s.type)return o;for(o=n+1;o<t.length;o++)if((s=t[o])&&!(2&s.__u)&&l==s.key&&r==s.type)return o}return-1}function O(e,t,n){null==n&&(n=""),"-"==t[0]?e.setProperty(t,n):e[t]=n}function E(t,n,i,o,l){var r,d;if("style"==n)if("string"==typeof i)t.style.cssText=i;else{if("string"==typeof o&&(t.style.cssText=o=""),o)for(n in o)i&&n in i||O(t.style,n);if(i)for(n in i)o&&i[n]==o[n]||O(t.style,n,i[n])}else if("o"==n[0]&&"n"==n[1])"function"!=typeof i&&(i=null),"function"!=typeof o&&(o=null),(t.__e||(t.__e={}))[n]=i,i&&o||(d=c[n]||(c[n]=function(t){return function(n){var i=this.__e;if(i){if(i=i[t],null==n[s])n[s]=u++;else if(n[s]<this.__a[t])return;return i(e.event?e.event(n):n)}}}(n)),(t.__a||(t.__a={}))[n]=u,r=n!=(n=n.replace(a,"$1")),(n=n.slice(2))[0]<"a"&&(n=n.toLowerCase()),i?t.addEventListener(n,d,r):t.removeEventListener(n,d,r));else{if("http://www.w3.org/2000/svg"==l)n=n.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if("width"!=n&&"height"!=n&&"href"!=n&&"list"!=n&&"form"!=n&&"tabIndex"!=n&&"download"!=n&&"rowSpan"!=n&&"colSpan"!=n&&"role"!=n&&"popover"!=n&&n in t)try{return void(t[n]=i??"")}catch(t){}if("function"==typeof i)return;null==i||!1===i&&"-"!=n[4]?t.removeAttribute(n):t.setAttribute(n,"popover"==n&&1==i?"":i)}}function R(t,n,i,o,l,r,s,a,u,c){var f,h,$,_,b,x,S,T,M,P,q,O,E,R,j,N,U,z,H=n.type;if(n.constructor!==d)return null;128&i.__u&&(u=32&i.__u,f=i.__c.__z)&&(n.__u|=u,h=r=[],8==f.nodeType?a=A(f,r):r.push(f),a=r[0]||a),(f=e.__b)&&f(n);e:if("function"==typeof H){$=s.length;try{if(T=n.props,M=(f=H.prototype)&&f.render,P=(f=H.contextType)&&o[f.__c],q=f?P?P.props.value:f.__:o,(_=i.__c)?(n.__c=_,2&_.__g&&(_.__g|=1)):(M?n.__c=_=new H(T,q):(n.__c=_=new w(T,q),_.constructor=H,_.render=I),P&&P.sub(_),_.state||(_.state={}),_.__n=o,_.__g|=8,_.__h=[],_.__k=[]),M&&(_.__s||(_.__s=_.state),H.getDerivedStateFromProps&&(_.__s==_.state&&(_.__s=g({},_.__s)),g(_.__s,H.getDerivedStateFromProps(T,_.__s)))),b=_.props,x=_.state,_.__v=n,i.__c){if(T!==b&&M&&!H.getDerivedStateFromProps&&_.componentWillReceiveProps&&_.componentWillReceiveProps(T,q),n.__v==i.__v&&!(8&_.__g)||!(4&_.__g)&&_.shouldComponentUpdate&&!1===_.shouldComponentUpdate(T,_.__s,q)){n.__v!=i.__v&&(_.props=T,_.state=_.__s,_.__g&=-9),n.__e=i.__e,n.__k=i.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(_.__h,_.__k),_.__k=[],_.__h.length&&s.push(_),a=k(i);break e}_.componentWillUpdate&&_.componentWillUpdate(T,_.__s,q),M&&_.componentDidUpdate&&_.__h.push(function(){_.componentDidUpdate(b,x,S)})}else M&&!H.getDerivedStateFromProps&&_.componentWillMount&&_.componentWillMount(),M&&_.componentDidMount&&_.__h.push(_.componentDidMount);_.context=q,_.props=T,_.__P=t,_.__g&=-5,O=e.__r,E=M?25:0;do{_.__g&=-9,O&&O(n),f=_.render(_.props,_.state=_.__s,_.context)}while(8&_.__g&&++E<25);M&&(p.push.apply(_.__h,_.__k),_.__k=[]),_.state=_.__s,_.getChildContext&&(o=g({},o,_.getChildContext())),M&&i.__c&&_.getSnapshotBeforeUpdate&&(S=_.getSnapshotBeforeUpdate(b,x)),R=f&&f.type===y&&null==f.key?f.props.children:f,T.__P&&(f=a,l=(t=T.__P).namespaceURI,u=r=null,i.props&&i.props.__P!=t&&(i.__k.some(function(e){e&&W(e,e)}),i.__k=null),a=i.__k?k(i,0):null),a=C(t,m(R)?R:[R],n,i,o,l,r,s,a,u,c),T.__P&&(n.__e=null,a=f),n.__u&=-161,h&&h.some(v),_.__h.length&&s.push(_),1&_.__g&&(_.__g&=-4)}catch(t){if(s.length=$,n.__v=null,u||r)if(t&&t.then){if(n.__u|=128|u,r){for(~(U=r.indexOf(a||void 0))||(U=r.length);(z=r[U-1])&&8==z.nodeType;)U--;for(;U<r.length;U++)if(z=r[U])if(r[U]=null,j){if(z==N)break}else{if(8!=z.nodeType)break;z.data.startsWith("$s")&&(N=A(j=z))}}if(!j){for(;a&&8==a.nodeType&&a.nextSibling;)a=a.nextSibling;j=a}(f=A(j=n.__c.__z||(n.__c.__z=j)))?(n.__e=j,a=f):n.__e=a,a=a&&a.nextSibling}else r&&r.some(v);else n.__e=i.__e;n.__k||(n.__k=i.__k||[]),t&&t.then||D(n),e.__e(t,n,i)}}else a=n.__e=L(i.__e,n,i,o,l,r,s,u,c,t);return(f=e.diffed)&&f(n),a}function A(e,t){if(e&&8==e.nodeType&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(8==e.nodeType)if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&! --n)return e;t&&t.push(e)}}function D(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(D))}function j(t,n,i){for(var o=0;o<i.length;)N(i[o++],i[o++],i[o++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function L(t,n,i,o,l,r,s,a,u,c){var d,p,g,_,b,y,w,x,S=i.props||f,T=n.props,M=n.type;if("svg"==M?l="http://www.w3.org/2000/svg":"math"==M?l="http://www.w3.org/1998/Math/MathML":l||(l="http://www.w3.org/1999/xhtml"),r)for(d=0;d<r.length;d++)if((b=r[d])&&(M?b.localName==M:3==b.nodeType)){t=b,r[d]=null;break}if(!t){if(x=c.ownerDocument||document,!M)return x.createTextNode(T);t=x.createElementNS(l,M,T.is?T:c),a&&(e.__m&&e.__m(n,r),a=!1),r=null}if(M){if(c="template"==M&&t.content||t,r="textarea"==M&&null!=T.defaultValue?null:r&&$.call(c.childNodes),!a&&r)for(S={},d=0;d<t.attributes.length;d++)S[(b=t.attributes[d]).name]=b.value;for(d in S)b=S[d],"dangerouslySetInnerHTML"==d?g=b:"children"==d||d in T||"value"==d&&"defaultValue"in T||"checked"==d&&"defaultChecked"in T||E(t,d,null,b,l);for(d in T)b=T[d],"children"==d?_=b:"dangerouslySetInnerHTML"==d?p=b:"value"==d?y=b:"checked"==d?w=b:a&&"function"!=typeof b||S[d]===b||E(t,d,b,S[d],l);p?(a||g&&(p.__html==g.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(g&&(t.textContent=""),("foreignObject"==M||"http://www.w3.org/1998/Math/MathML"==l&&h.test(M))&&(l="http://www.w3.org/1999/xhtml"),C(c,m(_)?_:[_],n,i,o,l,r,s,r?r[0]:i.__k&&k(i,0),a,u),r&&r.some(v)),a&&"textarea"!=M||(d="value","progress"==M&&null==y?t.removeAttribute(d):null==y||y===t[d]&&("progress"!=M||y)||E(t,d,y,S[d],l),d="checked",null!=w&&w!=t[d]&&E(t,d,w,S[d],l))}else S===T||a&&t.data==T||(t.data=T);return t}function N(t,n,i,o){try{"function"==typeof t?n?n.__x=t(n)||1:o&&(o=o.__c||o.__e)&&(n=o.__x)&&(o.__x=null,"function"==typeof n?n():t(null)):t.current=n}catch(t){e.__e(t,i)}}function W(t,n,i){var o,l,r,s;if(e.unmount&&e.unmount(t),!(o=t.ref)||o.current&&o.current!=t.__e||N(o,null,n,t),o=t.__c){if(o.componentWillUnmount)try{o.componentWillUnmount()}catch(t){e.__e(t,n)}o.__P=o.__n=null}if(o=t.__k)for(s=0;s<o.length;s++)o[s]&&W(o[s],n,"function"!=typeof t.type||i&&!t.props.__P);!i&&(o=t.__c)&&(o=o.__z)&&(l=A(o,r=[]))&&(o==t.__e&&r.some(v),v(l),v(o)),i||v(t.__e),t.__e=t.__c=t.__=null}function I(e,t,n){return this.constructor(e,n)}e={__e:function(e,t,n,i){for(var o,r,s;t=t.__;)if((o=t.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(r=o.constructor)&&r.getDerivedStateFromError)&&o.setState(r.getDerivedStateFromError(e)),o.componentDidCatch&&(o.componentDidCatch(e,i||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(t){e=t}}throw l=0,e}},t=0,n=function(e){return null!=e&&e.constructor===d},w.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=g({},this.state)),"function"==typeof e&&(e=e(g({},n),this.props)),e&&(g(n,e),this.__v&&(t&&this.__k.push(t),T(this)))},w.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),T(this))},w.prototype.render=y,i=[],l=0,r=function(e,t){return e.__v.__b-t.__v.__b},s=Symbol(),a=/(PointerCapture)$|Capture$/i,u=0,c={};var U=function(e,t,n,i){var o;t[0]=0;for(var l=1;l<t.length;l++){var r=t[l++],s=t[l]?(t[0]|=r?1:2,n[t[l++]]):t[++l];3===r?i[0]=s:4===r?i[1]=Object.assign(i[1]||{},s):5===r?(i[1]=i[1]||{})[t[++l]]=s:6===r?i[1][t[++l]]+=s+"":r?(o=e.apply(s,U(e,s,n,["",null])),i.push(o),s[0]?t[0]|=2:(t[l-2]=0,t[l]=o)):i.push(s)}return i},z=new Map;var H,F,G,B,V=Object.is,Y=0,J=[],K=[],Z=e,X=Z.__b,Q=Z.__r,ee=Z.diffed,te=Z.__c,ne=Z.unmount,ie=Z.__;function oe(e,t){Z.__h&&Z.__h(F,e,Y||t),Y=0;var n=F.__H||(F.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function le(e){return Y=1,function(e,t){var n=oe(H++,2);if(n.t=e,!n.__c&&(n.__=[ge(void 0,t),function(e){var t=(n.__N||n.__)[0],i=n.t(t,e);V(t,i)||(n.__N=[i,n.__[1]],n.__c.setState({}))}],n.__c=F,!F.__f)){F.__f=!0;var i=F.shouldComponentUpdate;F.shouldComponentUpdate=function(e,t,n){var o=this.__H;if(!o)return!0;var l=!1,r=this.props!=e;if(o.__.some(function(e){e.__N&&(l=!0,V(e.__[0],e.__N[0])||(r=!0))}),i){var s=i.call(this,e,t,n);return l?s||r:s}return!l||r}}return n.__}(ge,e)}function re(e,t){var n=oe(H++,3);!Z.__s&&$e(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,F.__H.__h.push(n))}function se(e){return Y=5,ae(function(){return{current:e}},[])}function ae(e,t){var n=oe(H++,7);return $e(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function ue(){var e=oe(H++,11);if(!e.__){for(var t=F.__v;!t.__m&&t.__;)t=t.__;var n=t.__m||(t.__m=[0,0]);e.__="P"+n[0]+"-"+n[1]++}return e.__}function ce(){var e;do{for(;e=K.shift();)try{he(e)}catch(t){Z.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=J.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(he),t.__h.some(me),t.__h=[]}catch(n){t.__h=[],Z.__e(n,e.__v)}}}while(K.length)}Z.__b=function(e){F=null,X&&X(e)},Z.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),ie&&ie(e,t)},Z.__r=function(e){Q&&Q(e),H=0;var t=(F=e.__c).__H;t&&(G==F?F.__h=[]:(t.__h.some(he),t.__h.some(me),H=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),G=F},Z.diffed=function(e){ee&&ee(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&pe(J.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),G=F=null},Z.__c=function(e,t){t.some(function(e){try{e.__h.some(he),e.__h=e.__h.filter(function(e){return!e.__||me(e)})}catch(t){e.__h=[function(){throw t}]}}),te&&te(e,t)},Z.unmount=function(e){ne&&ne(e);var t,n,i=e.__c;i&&i.__H&&(i.__H.__.some(function(i){try{if(i.__P&&i.__c){if(void 0===n){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}i.__P=n,pe(K.push(i))}else he(i)}catch(e){t=e}}),i.__H=void 0,t&&Z.__e(t,i.__v))};var de="function"==typeof requestAnimationFrame;function fe(e){var t,n=function(){clearTimeout(i),de&&cancelAnimationFrame(t),setTimeout(e)},i=setTimeout(n,35);de&&(t=requestAnimationFrame(n))}function pe(e){1!=e&&B==Z.requestAnimationFrame||((B=Z.requestAnimationFrame)||fe)(ce)}function he(e){var t=F,n=e.__c;"function"==typeof n&&(e.__c=void 0,n()),F=t}function me(e){var t=F;e.__c=e.__(),F=t}function $e(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!V(t,e[n])})}function ge(e,t){return"function"==typeof t?t(e):t}const ve=Symbol.for("preact-signals");function _e(){if(Te>1)return void Te--;let e,t=!1;for(!function(){let e=Se;for(Se=void 0;void 0!==e;){const t=e.S;if(t.v===e.v)for(let n=t.t;void 0!==n;n=n.x)n.i===e.i&&(n.i=t.i);e=e.o}}();void 0!==ke;){let n=ke;for(ke=void 0,Me++;void 0!==n;){const i=n.u;if(n.u=void 0,n.f&=-3,!(8&n.f)&&Ae(n))try{n.c()}catch(n){t||(e=n,t=!0)}n=i}}if(Me=0,Te--,t)throw e}function be(e){if(Te>0)return e();Pe=++Ce,Te++;try{return e()}finally{_e()}}let ye,we,ke;function xe(e){const t=ye,n=we;ye=void 0,we=void 0;try{return e()}finally{ye=t,we=n}}let Se,Te=0,Me=0,Ce=0,Pe=0,qe=0;function Oe(e){if(void 0===ye)return;let t=e.n;return void 0===t||t.t!==ye?(t={i:0,S:e,p:ye.s,n:void 0,t:ye,e:void 0,x:void 0,r:t},void 0!==ye.s&&(ye.s.n=t),ye.s=t,e.n=t,32&ye.f&&e.S(t),t):-1===t.i?(t.i=0,void 0!==t.n&&(t.n.p=t.p,void 0!==t.p&&(t.p.n=t.n),t.p=ye.s,t.n=void 0,ye.s.n=t,ye.s=t),t):void 0}function Ee(e,t){this.v=e,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=null==t?void 0:t.watched,this.Z=null==t?void 0:t.unwatched,this.name=null==t?void 0:t.name}function Re(e,t){return new Ee(e,t)}function Ae(e){for(let t=e.s;void 0!==t;t=t.n)if(t.S.i!==t.i||!t.S.h()||t.S.i!==t.i)return!0;return!1}function De(e){for(let t=e.s;void 0!==t;t=t.n){const n=t.S.n;if(void 0!==n&&(t.r=n),t.S.n=t,t.i=-1,void 0===t.n){e.s=t;break}}}function je(e){let t,n=e.s;for(;void 0!==n;){const e=n.p;-1===n.i?(n.S.U(n),void 0!==e&&(e.n=n.n),void 0!==n.n&&(n.n.p=e)):t=n,n.S.n=n.r,void 0!==n.r&&(n.r=void 0),n=e}e.s=t}function Le(e,t){Ee.call(this,void 0,t),this.x=e,this.s=void 0,this.g=qe-1,this.f=4}function Ne(e,t){return new Le(e,t)}function We(e){const t=e.j;if(e.j=void 0,"function"==typeof t){Te++;const n=ye;ye=void 0;try{t()}catch(t){throw e.f&=-2,e.f|=8,Ie(e),t}finally{ye=n,_e()}}}function Ie(e){for(let t=e.s;void 0!==t;t=t.n)t.S.U(t);e.x=void 0,e.s=void 0,We(e)}function Ue(e){if(ye!==this)throw new Error("Out-of-order effect");je(this),ye=e,this.f&=-2;try{8&this.f&&Ie(this)}finally{_e()}}function ze(e,t){this.x=e,this.j=void 0,this.s=void 0,this.u=void 0,this.f=32,this.name=null==t?void 0:t.name,we&&we.push(this)}function He(e,t){const n=new ze(e,t);try{n.c()}catch(e){throw n.d(),e}const i=n.d.bind(n);return i[Symbol.dispose]=i,i}Ee.prototype.brand=ve,Ee.prototype.h=function(){return!0},Ee.prototype.S=function(e){const t=this.t;t!==e&&void 0===e.e&&(e.x=t,this.t=e,void 0!==t?t.e=e:xe(()=>{var e;null==(e=this.W)||e.call(this)}))},Ee.prototype.U=function(e){if(void 0!==this.t){const t=e.e,n=e.x;void 0!==t&&(t.x=n,e.e=void 0),void 0!==n&&(n.e=t,e.x=void 0),e===this.t&&(this.t=n,void 0===n&&xe(()=>{var e;null==(e=this.Z)||e.call(this)}))}},Ee.prototype.subscribe=function(e){return He(()=>{const t=this.value;xe(()=>e(t))},{name:"sub"})},Ee.prototype.valueOf=function(){return this.value},Ee.prototype.toString=function(){return this.value+""},Ee.prototype.toJSON=function(){return this.value},Ee.prototype.peek=function(){return xe(()=>this.value)},Object.defineProperty(Ee.prototype,"value",{get(){const e=Oe(this);return void 0!==e&&(e.i=this.i),this.v},set(e){if(e!==this.v){if(Me>100)throw new Error("Cycle detected");!function(e){0!==Te&&0===Me&&e.l!==Pe&&(e.l=Pe,Se={S:e,v:e.v,i:e.i,o:Se})}(this),this.v=e,this.i++,qe++,Te++;try{for(let e=this.t;void 0!==e;e=e.x)e.t.N()}finally{_e()}}}}),Le.prototype=new Ee,Le.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if(32==(36&this.f))return!0;if(this.f&=-5,this.g===qe)return!0;if(this.g=qe,this.f|=1,this.i>0&&!Ae(this))return this.f&=-2,!0;const e=ye;try{De(this),ye=this;const e=this.x();(16&this.f||this.v!==e||0===this.i)&&(this.v=e,this.f&=-17,this.i++)}catch(e){this.v=e,this.f|=16,this.i++}return ye=e,je(this),this.f&=-2,!0},Le.prototype.S=function(e){if(void 0===this.t){this.f|=36;for(let e=this.s;void 0!==e;e=e.n)e.S.S(e)}Ee.prototype.S.call(this,e)},Le.prototype.U=function(e){if(void 0!==this.t&&(Ee.prototype.U.call(this,e),void 0===this.t)){this.f&=-33;for(let e=this.s;void 0!==e;e=e.n)e.S.U(e)}},Le.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(let e=this.t;void 0!==e;e=e.x)e.t.N()}},Object.defineProperty(Le.prototype,"value",{get(){if(1&this.f)throw new Error("Cycle detected");const e=Oe(this);if(this.h(),void 0!==e&&(e.i=this.i),16&this.f)throw this.v;return this.v}}),ze.prototype.c=function(){const e=this.S();try{if(8&this.f)return;if(void 0===this.x)return;const e=this.x();"function"==typeof e&&(this.j=e)}finally{e()}},ze.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,We(this),De(this),Te++;const e=ye;return ye=this,Ue.bind(this,e)},ze.prototype.N=function(){2&this.f||(this.f|=2,this.u=ke,ke=this)},ze.prototype.d=function(){this.f|=8,1&this.f||Ie(this)},ze.prototype.dispose=function(){this.d()};const Fe="undefined"!=typeof window&&!!window.__PREACT_SIGNALS_DEVTOOLS__;let Ge,Be,Ve=[];function Ye(t,n){e[t]=n.bind(null,e[t]||(()=>{}))}function Je(e){if(Be){const e=Be;Be=void 0,e()}Be=e&&e.S()}function Ke({data:e}){const t=Xe(e);t.name="ReactiveDom",t.value=e;const[i,o]=ae(()=>{let e=this,i=this.__v;for(;i=i.__;)if(i.__c){i.__c.__$f|=4;break}const o=Ne(()=>{let e=t.value.value;return 0===e?0:!0===e?"":e||""}),l=Ne(()=>!Array.isArray(o.value)&&!n(o.value)),r=He(function(){if(this.N=tt,l.value){const t=o.value;e.__v&&e.__v.__e&&3===e.__v.__e.nodeType&&(e.__v.__e.data=t)}}),s=this.__$u.d;return this.__$u.d=function(){r(),s.call(this)},[l,o]},[]);return i.value?o.peek():o.value}function Ze(e,t,n,i){const o=t in e&&void 0===e.ownerSVGElement,l=Re(n);return{o:(e,t)=>{l.value=e,i=t},d:He(function(){this.N=tt;const n=l.value.value;i[t]!==n&&(i[t]=n,o?e[t]=n:null==n||!1===n&&"-"!==t[4]?e.removeAttribute(t):e.setAttribute(t,n))})}}function Xe(e,t){return ae(()=>Re(e,t),[])}He(function(){Ge=this.N})(),Ke.displayName="ReactiveTextNode",Object.defineProperties(Ee.prototype,{constructor:{configurable:!0,value:_(y,null).constructor},type:{configurable:!0,value:Ke},props:{configurable:!0,get(){const e=this;return{data:{get value(){return e.value}}}}},__b:{configurable:!0,value:1}}),Ye("__b",(e,t)=>{if(Je(),"string"==typeof t.type){let e,n=t.props;for(let i in n){if("children"===i)continue;let o=n[i];o instanceof Ee&&(e||(t.__np=e={}),e[i]=o,n[i]=o.peek())}}e(t)}),Ye("__r",(e,t)=>{if(e(t),t.type!==y){Je();let e,n=t.__c;n&&(n.__$f&=-2,e=n.__$u,void 0===e&&(n.__$u=e=function(e,t){let n;return He(function(){n=this},{name:t}),n.c=e,n}(function(e){return function(){var t;Fe&&(null==(t=this.y)||t.call(this)),e.__$f|=1,e.setState({})}}(n),"function"==typeof t.type?t.type.displayName||t.type.name:""))),Je(e)}}),Ye("__e",(e,t,n,i)=>{Je(),e(t,n,i)}),Ye("diffed",(e,t)=>{let n;if(Je(),"string"==typeof t.type&&(n=t.__e)){let e=t.__np,i=t.props,o=n.U;if(o)for(let t in o){let n=o[t];void 0===n||e&&t in e||(n.d(),o[t]=void 0)}if(e){o||(o={},n.U=o);for(let t in e){let l=o[t],r=e[t];void 0===l?(l=Ze(n,t,r,i),o[t]=l):l.o(r,i)}}}e(t)}),Ye("unmount",(e,t)=>{if("string"==typeof t.type){let e=t.__e;if(e){const t=e.U;if(t){e.U=void 0;for(let e in t){let n=t[e];n&&n.d()}}}let n=t.__np;if(n){let e=t.props;for(let t in n)e[t]=n[t]}t.__np=void 0}else{let e=t.__c;if(e){e.__$f|=8;const t=e.__$u;t&&(e.__$u=void 0,t.d())}}e(t)}),Ye("__h",(e,t,n,i)=>{i<3&&(t.__$f|=2),e(t,n,i)}),w.prototype.shouldComponentUpdate=function(e,t){if(this.__R)return!0;const n=this.__$u,i=n&&void 0!==n.s;for(let e in t)return!0;if(this.__f||"boolean"==typeof this.u&&!0===this.u){const e=2&this.__$f;if(!(i||e||4&this.__$f))return!0;if(1&this.__$f)return!0}else{if(!(i||4&this.__$f))return!0;if(3&this.__$f)return!0}for(let t in e)if("__source"!==t&&e[t]!==this.props[t])return!0;for(let t in this.props)if(!(t in e))return!0;return!1};const Qe=e=>{queueMicrotask(()=>{queueMicrotask(e)})};function et(){be(()=>{let e;for(;e=Ve.shift();)Ge.call(e)})}function tt(){1===Ve.push(this)&&(e.requestAnimationFrame||Qe)(et)}const nt=function(e){var t=z.get(this);return t||(t=new Map,z.set(this,t)),(t=U(this,t.get(e)||(t.set(e,t=function(e){for(var t,n,i=1,o="",l="",r=[0],s=function(e){1===i&&(e||(o=o.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?r.push(0,e,o):3===i&&(e||o)?(r.push(3,e,o),i=2):2===i&&"..."===o&&e?r.push(4,e,0):2===i&&o&&!e?r.push(5,0,!0,o):i>=5&&((o||!e&&5===i)&&(r.push(i,0,o,n),i=6),e&&(r.push(i,e,0,n),i=6)),o=""},a=0;a<e.length;a++){a&&(1===i&&s(),s(a));for(var u=0;u<e[a].length;u++)t=e[a][u],1===i?"<"===t?(s(),r=[r],i=3):o+=t:4===i?"--"===o&&">"===t?(i=1,o=""):o=t+o[0]:l?t===l?l="":o+=t:'"'===t||"'"===t?l=t:">"===t?(s(),i=1):i&&("="===t?(i=5,n=o,o=""):"/"===t&&(i<5||">"===e[a][u+1])?(s(),3===i&&(r=r[0]),i=r,(r=r[0]).push(2,0,i),i=0):" "===t||"\t"===t||"\n"===t||"\r"===t?(s(),i=2):o+=t),3===i&&"!--"===o&&(i=4,r=r[0])}return s(),r}(e)),t),arguments,[])).length>1?t:t[0]}.bind(_);class it extends Error{constructor(e,{code:t,detail:n,title:i,problems:o}={},l){super(n??i??o?.map(e=>e.split("\n")[0]).join("; ")??`the gateway responded with ${e}`),this.name="Refused",this.status=e,this.code=t,this.after=l}}async function ot(e,{method:t="GET",body:n,signal:i}={}){const o=await fetch(e,{method:t,signal:i,cache:"no-store",credentials:"same-origin",redirect:"error",headers:{accept:"application/json",..."GET"===t?{}:{"content-type":"application/json"}},..."GET"===t?{}:{body:JSON.stringify(n??{})}}),l=await o.text(),r=/json/.test(o.headers.get("content-type")??"")&&""!==l?JSON.parse(l):void 0;if(o.ok)return r??l;throw new it(o.status,r,Number(o.headers.get("retry-after")??NaN)||void 0)}const lt={about:void 0,now:0,values:{},tables:{},seconds:[]};function rt(e,t){const n={...e,...t};for(const[e,i]of Object.entries(t))null===i&&delete n[e];return n}const st=Re(lt),at=Ne(()=>st.value.about),ut=Ne(()=>st.value.now),ct=Ne(()=>st.value.values.gateway),dt=Ne(()=>st.value.values.problems),ft=Ne(()=>st.value.values.marks),pt=Ne(()=>st.value.seconds),ht={},mt=e=>Ne(()=>st.value.tables[e]??ht),$t=Re("connecting"),gt=Re(0),[vt,_t]=[500,1e4];let bt,yt,wt,kt=0,xt=vt;function St(e){Ct(),bt=new EventSource("/live"),bt.addEventListener("snapshot",({data:e})=>Tt(function({about:e,now:t,values:n,tables:i,seconds:o}){return{about:e,now:t,values:n,tables:i,seconds:o}}(JSON.parse(e)))),bt.addEventListener("delta",({data:e})=>Tt(function(e,{now:t,values:n,tables:i,seconds:o}){return{about:e.about,now:t,values:0===Object.keys(n).length?e.values:{...e.values,...n},tables:Object.entries(i).reduce((e,[t,n])=>({...e,[t]:rt(e[t]??{},n)}),e.tables),seconds:0===o.length?e.seconds:[...e.seconds,...o].slice(-300)}}(st.value,JSON.parse(e)))),bt.onerror=()=>{Ct(),$t.value="lost",yt=setTimeout(()=>e(),xt*(.75+Math.random()/2)),xt=Math.min(2*xt,_t)},wt??=setInterval(Mt,250)}function Tt(e){kt=performance.now(),xt=vt,be(()=>{st.value=e,$t.value="live",gt.value=0})}function Mt(){const e=Math.floor((performance.now()-kt)/1e3);gt.value=0===kt||e<2?0:e}function Ct(){clearTimeout(yt),bt?.close(),bt=void 0}const Pt=Re({state:"unknown"}),qt=Ne(()=>"in"===Pt.value.state&&"operate"===Pt.value.role);async function Ot(){try{Pt.value={state:"in",...await ot("/session")}}catch(e){if(401===e.status||403===e.status)return Rt()}St(Ot)}async function Et(){await ot("/logout",{method:"POST"}).catch(()=>{}),Rt()}function Rt(){Ct(),clearInterval(wt),wt=void 0,be(()=>{st.value=lt,$t.value="connecting",gt.value=0}),Pt.value={state:"out"}}const At="–";function Dt(e){if(null==e||Number.isNaN(e))return At;const t=Math.abs(e);return t>=999500?`${jt(e/1e6)}M`:t>=9999.5?`${jt(e/1e3)}k`:t>=100?String(Math.round(e)):jt(e)}function jt(e){const t=Math.abs(e);return String(Number(e.toFixed(t>=100?0:t>=10?1:2)))}function Lt(e){return null==e?At:e<10?`${Number(e.toFixed(1))} ms`:e<999.5?`${Math.round(e)} ms`:`${jt(e/1e3)} s`}function Nt(e){if(null==e)return At;const t=["B","KiB","MiB","GiB","TiB"],n=e<1?0:Math.min(Math.floor(Math.log2(e)/10),t.length-1);return`${jt(e/1024**n)} ${t[n]}`}function Wt(e){return null==e?At:`${jt(100*e)} %`}const It=[["d",86400],["h",3600],["min",60],["s",1]];function Ut(e){let t=Math.max(0,Math.floor(e/1e3));const n=It.findIndex(([,e])=>t>=e);return-1===n?"0 s":It.slice(n,n+2).flatMap(([e,n])=>{const i=Math.floor(t/n);return t%=n,0===i?[]:[`${i} ${e}`]}).join(" ")}function zt(e,t){return null==e?At:t-e<1e3?"just now":`${Ut(t-e)} ago`}function Ht(e){return Ft.format(e)}const Ft=new Intl.DateTimeFormat("en-GB",{timeStyle:"medium"});function Gt(e,t){return`${e} ${t}${1===e?"":"s"}`}function Bt(){const[e,t]=le(),[n,i]=le(!1),o=se(null);re(()=>o.current.focus(),[]);return nt`
    <main class="login" id="main">
      <h1>Onedoor</h1>
      <form onSubmit=${async e=>{e.preventDefault();const n=o.current.value;if(""===n)return t("Enter the token first.");i(!0);try{await async function(e){await ot("/login",{method:"POST",body:{token:e}}),await Ot()}(n)}catch(e){t(function({after:e,message:t,status:n}){return 401===n?"This is not the token.":429===n?`Too many wrong tokens. Try again ${void 0===e?"later":`in ${Gt(e,"second")}`}.`:void 0===n?"The gateway cannot be reached.":t}(e)),i(!1),o.current.value="",o.current.focus()}}} aria-describedby="login-problem">
        <label for="token">Token of the admin listener</label>
        <input id="token" ref=${o} type="password" autocomplete="current-password" aria-invalid=${void 0!==e} />
        <p id="login-problem" class="problem" role="alert">${e}</p>
        <button type="submit" disabled=${n}>Log in</button>
      </form>
      <p class="hint">It is <code>admin.token</code> of the configuration, or <code>admin.viewToken</code> to look only.</p>
    </main>`}const Vt=Re(Kt(location.hash));function Yt(e,t={},n=""){const i=new URLSearchParams(Object.entries(t).filter(([,e])=>void 0!==e&&""!==e));return`#/${e}${""===n?"":`/${encodeURIComponent(n)}`}${0===i.size?"":`?${i}`}`}function Jt(e){const{view:t,item:n,query:i}=Vt.value;history.replaceState(null,"",Yt(t,{...Object.fromEntries(i),...e},n)),Vt.value=Kt(location.hash)}function Kt(e){const[,t="",n="",i=""]=/^#\/([a-z-]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(e)??[];return{view:""===t?"overview":t,item:Zt(n),query:new URLSearchParams(i)}}function Zt(e){try{return decodeURIComponent(e)}catch{return e}}addEventListener("hashchange",()=>{Vt.value=Kt(location.hash)});const Xt={good:"●",notice:"◆",warning:"▲",critical:"■",off:"○"};function Qt({kind:e,children:t}){return nt`<span class="state ${e}"><span class="shape" aria-hidden="true">${Xt[e]}</span> ${t}</span>`}const en=Re(void 0);let tn;function nn(e,t="good"){clearTimeout(tn),en.value={text:e,kind:t},tn=setTimeout(()=>{en.value=void 0},8e3)}function on(){return nt`
    <div role="status" class="said">
      ${void 0!==en.value&&nt`<p><${Qt} kind=${en.value.kind}>${en.value.text}<//></p>`}
    </div>`}function ln({problem:e}){return void 0===e?nt`<p role="status" class="empty">Asking the gateway.</p>`:nt`<p role="alert" class="empty"><${Qt} kind="critical">${rn(e)}<//></p>`}function rn({message:e,status:t}){return void 0===t?"The gateway cannot be reached.":e}function sn(e,{every:t,after:n}={}){const[i,o]=le({}),[l,r]=le(0);re(()=>{if(void 0===e)return;const n=new AbortController,{signal:i}=n,l=async()=>{try{const t=await ot(e,{signal:i});o({path:e,value:t})}catch(t){if(i.aborted)return;401===t.status&&Ot(),o(n=>({...n,path:e,value:n.path===e?n.value:void 0,problem:t}))}};l();const r=void 0===t?void 0:setInterval(()=>{"visible"===document.visibilityState&&l()},t);return()=>{clearInterval(r),n.abort()}},[e,t,n,l]);const{value:s,problem:a}=i.path===e?i:{};return{value:s,problem:a,again:()=>r(l+1)}}const an={text:()=>{},diff:e=>/^(?:\+\+\+|---|@@)/.test(e)?"place":e.startsWith("+")?"added":e.startsWith("-")?"removed":void 0,yaml:e=>/^\s*#/.test(e)?"comment":void 0};function un({text:e,kind:t="text",label:n}){const[i,o]=le(!1),l=ae(()=>e.replace(/\n$/,"").split("\n"),[e]),r=ae(()=>(i?l:l.slice(0,2e3)).map((e,n)=>nt`
    <span key=${n} class=${an[t](e)}>${"yaml"===t?function(e){const[,t,n,i]=/^([\s-]*)("[^"]*"|[^\s"#:][^:#]*)(:(?:\s.*)?)$/.exec(e)??[];return void 0===n?e:nt`${t}<b>${n}</b>${i}`}(e):e}</span>${"\n"}`),[l,i,t]);return nt`
    <pre class="code" role="group" aria-label=${n} tabindex="0">${r}</pre>
    ${r.length<l.length&&nt`
      <button type="button" class="more" onClick=${()=>o(!0)}>Show all ${l.length} lines</button>`}`}function cn({name:e,label:t,placeholder:n,type:i="search",suggestions:o}){const l=ue();return nt`
    <label class="filter">
      <span>${t}</span>
      <input type=${i} name=${e} placeholder=${n} autocomplete="off" spellcheck=${!1} list=${o&&l}
        value=${Vt.value.query.get(e)??""} onInput=${({currentTarget:t})=>Jt({[e]:t.value})} />
    </label>
    ${o&&nt`<datalist id=${l}>${o.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>`}`}function dn(e,...t){const n=t.join(" ").toLowerCase();return e.toLowerCase().split(/\s+/).every(e=>n.includes(e))}function fn(e){return""===e?1/0:/^ */.exec(e)[0].length}function pn({path:e,after:t,title:n}){const{value:i,problem:o}=sn(e,{after:t}),l=Vt.value.query.get("lines")??"",r=ae(()=>void 0===i||""===l?void 0:function(e,t){const n=e.replace(/\n$/,"").split("\n"),i=new Set,o=[];let l=1/0;for(const[e,r]of n.entries()){const n=fn(r);for(;o.length>0&&o.at(-1).depth>=n;)o.pop();if(n<=l&&(l=1/0),t(r)){for(const e of o)i.add(e.index);l=Math.min(l,n)}l!==1/0&&i.add(e),o.push({index:e,depth:n})}return n.filter((e,t)=>i.has(t))}(i,e=>dn(l,e)),[i,l]);return nt`
    <section class="card file" aria-labelledby="effective-title">
      <h2 id="effective-title">${n}</h2>
      ${void 0===i?nt`<${ln} problem=${o} />`:nt`
        <div class="tools inside">
          <${cn} name="lines" label="Lines with" placeholder="such as retry" />
          ${void 0!==navigator.clipboard&&nt`<button type="button" onClick=${()=>async function(e){try{await navigator.clipboard.writeText(e),nn("The configuration is in the clipboard.")}catch{nn("The browser does not allow that.","warning")}}(i)}>Copy all</button>`}
          <span class="count" role="status">${void 0===r?"":Gt(r.length,"line")}</span>
        </div>
        ${0===r?.length?nt`<p class="empty">No line has “${l}”.</p>`:nt`<${un} text=${r?.join("\n")??i} kind="yaml" label=${n} />`}
        <p class="hint">With all defaults, and without secrets.${void 0!==r&&" Lines stand with what they belong to."}</p>`}
    </section>`}function hn({time:e}){const t=ae(()=>Ne(()=>zt(e,ut.value)),[e]);return null==e?At:nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${t.value}</time>`}function mn({time:e}){if(null==e)return At;const t=e-ut.value;return nt`<time dateTime=${new Date(e).toISOString()} title=${Ht(e)}>${t<1e3?"under 1 s":Ut(t)}</time>`}const $n={start:"start of the gateway",file:"the file changed",SIGHUP:"SIGHUP",admin:"admin listener",program:"the program around the gateway"};function gn({trigger:e,restores:t}){return void 0===t?$n[e]??e:`restored configuration ${t}`}function vn({by:e,via:t}){return void 0===e?void 0:`${e} (${t})`}const _n={serving:"good",served:"off",refused:"warning"};function bn({records:e,record:t}){const{number:n}=t,i=function(e,t){return e.filter(e=>void 0!==e.generation&&e.number!==t)}(e,n),o=function(e,{generation:t}){return void 0===t?void 0:e.find(e=>e.generation===t-1)}(e,t),l=Vt.value.query.get("with")??"",r=""===l?o?.number:l,{value:s,problem:a}=sn(r&&`/reloads/${n}/diff?with=${r}`);return nt`
    <section class="card differs" aria-labelledby="diff-title">
      <div class="head">
        <h2 id="diff-title">What differs</h2>
        ${i.length>0&&nt`<label class="compared"><span>Compared with</span>
          <select value=${l} onChange=${({currentTarget:e})=>Jt({with:e.value})}>
            <option value="">${void 0===o?"none":`${o.number}, which served before`}</option>
            ${i.filter(e=>e!==o||l===String(e.number)).map(e=>nt`
              <option key=${e.number} value=${e.number}>${e.number}, of ${Ht(Date.parse(e.at))}</option>`)}
          </select></label>`}
      </div>
      ${void 0===r?nt`<p class="empty">What served before is not kept${i.length>0&&": choose one to compare with"}.</p>`:void 0===s?nt`<${ln} problem=${a} />`:nt`<${wn} ...${s} />`}
    </section>`}const yn={added:"+",removed:"−",changed:"~"};function wn({from:e,to:t,diff:n,places:i,more:o}){return""===n?nt`<p class="empty" role="status">Nothing: ${e} and ${t} have the same effect.</p>`:nt`
    <p role="status">From ${e} to ${t}, ${Gt(i.length+o,"place")} differ${i.length+o===1&&"s"}:</p>
    <div class="found">
      <ul class="places" tabindex="0" aria-label="Places that differ">
        ${i.map(({place:e,change:t})=>nt`
          <li key=${e} class=${t}>
            <span aria-hidden="true">${yn[t]}</span><span class="mono break">${e}</span><span class="dim">${t}</span>
          </li>`)}
        ${o>0&&nt`<li class="dim">and ${Gt(o,"more place")}</li>`}
      </ul>
      <div><${un} text=${n} kind="diff" label=${`Difference from ${e} to ${t}`} /></div>
    </div>`}function kn(e=""){return e.startsWith("-")?{name:e.slice(1),descending:!0}:{name:e,descending:!1}}function xn({name:e,number:t=!1},n){const{name:i,descending:o}=kn(n);return(i===e?!o:t)?`-${e}`:e}function Sn(e,t,n){const i=n?-1:1;return e.map(e=>({row:e,value:t(e)??void 0})).toSorted(({value:e},{value:t})=>void 0===e||void 0===t?Number(void 0===e)-Number(void 0===t):i*("number"==typeof e?e-t:Tn.compare(e,t))).map(({row:e})=>e)}const Tn=new Intl.Collator("en",{numeric:!0});function Mn({caption:e,columns:t,rows:n,keyOf:i,sort:o="",empty:l="There is none.",stateOf:r=()=>{}}){const[s,a]=le(!1),u=se(void 0),c=Vt.value.query.get("sort")??o,{name:d,descending:f}=kn(c),p=t.find(e=>e.name===d)?.by,h=void 0===p?n:Sn(n,p,f),m=void 0===u.current?h:function(e,t,n){const i=new Map(e.map((e,t)=>[e,t]));return Sn(t,e=>i.get(n(e)),!1)}(u.current,h,i),$=s?m:m.slice(0,200),g=()=>{u.current??=m.map(i)},v=()=>{u.current=void 0};return 0===n.length?nt`<p class="empty">${l}</p>`:nt`
    <div class="scroll" role="group" aria-label=${e} tabindex="0">
      <table>
        <caption class="hidden">${e}</caption>
        <thead><tr>${t.map(e=>nt`<${Cn} key=${e.name} column=${e} sorting=${c} />`)}</tr></thead>
        <tbody onPointerEnter=${g} onPointerLeave=${v} onFocusIn=${g} onFocusOut=${v}>
          ${$.map(e=>nt`<${Pn} key=${i(e)} row=${e} columns=${t} state=${r(e)} />`)}
        </tbody>
      </table>
    </div>
    ${$.length<m.length&&nt`
      <button type="button" class="more" onClick=${()=>a(!0)}>Show all ${m.length} rows</button>`}`}function Cn({column:e,sorting:t}){const{name:n,descending:i}=kn(t),o=n===e.name,l=o?i?"descending":"ascending":void 0;return nt`
    <th scope="col" class=${qn(e)} title=${e.hint} aria-sort=${l}>
      ${void 0===e.by?e.title:nt`
        <button type="button" class="sort" onClick=${()=>Jt({sort:xn(e,t)})}>
          ${e.title}<span class="arrow" aria-hidden="true">${o?i?"▼":"▲":""}</span>
        </button>`}
    </th>`}function Pn({row:e,columns:t,state:n}){return ae(()=>nt`
    <tr class=${n}>
      ${t.map((t,n)=>0===n?nt`<th key=${t.name} scope="row" class=${qn(t)}>${t.cell(e)}</th>`:nt`<td key=${t.name} class=${qn(t)}>${t.cell(e)}</td>`)}
    </tr>`,[e,t,n])}function qn({minor:e=!1,number:t=!1}){return[t&&"number",e&&"minor"].filter(Boolean).join(" ")||void 0}const On=[{name:"number",title:"No.",by:({number:e})=>e,cell:function({number:e}){return nt`<a href=${Yt("configuration",{},String(e))} aria-label=${`Configuration ${e}`}>${e}</a>`}},{name:"when",title:"When",by:({at:e})=>e,cell:function({at:e}){return nt`<span class="when"><${hn} time=${Date.parse(e)} /></span>`}},{name:"result",title:"Result",by:({result:e})=>e,cell:function({result:e}){return nt`<${Qt} kind=${_n[e]}>${e}<//>`}},{name:"trigger",title:"Trigger",minor:!0,cell:function(e){return nt`${gn(e)}${void 0!==e.reason&&nt`<span class="dim break">: ${e.reason}</span>`}`}},{name:"by",title:"By",minor:!0,cell:e=>vn(e)??nt`<span class="dim">${At}</span>`},{name:"changes",title:"Changes",hint:"Places added, removed and changed since the one that served before",cell:Rn},{name:"generation",title:"Generation",number:!0,minor:!0,cell:({generation:e})=>e??At}];function En({records:e}){return nt`
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <${Mn} caption="Configurations" columns=${On} rows=${e} keyOf=${({number:e})=>String(e)} />
      <p class="hint">The latest 20 that served and 20 that were refused are kept in memory until the gateway restarts.</p>
    </section>`}function Rn({changes:e,problems:t}){if(void 0!==t)return nt`<span class="sums">${Gt(t.length,"problem")}</span>`;if(void 0===e)return nt`<span class="dim">${At}</span>`;const{added:n,removed:i,changed:o}=e;return n+i+o===0?nt`<span class="dim">nothing</span>`:nt`
    <span class="sums" role="img" aria-label=${`${n} added, ${i} removed, ${o} changed`}>
      <span class=${n>0?"added":"dim"}>+${n}</span> <span class=${i>0?"removed":"dim"}>−${i}</span>${" "}
      <span class=${o>0?void 0:"dim"}>~${o}</span>
    </span>`}function An(){const{generation:e,lastReload:t}=ct.value??{};if(!1!==t?.ok)return nt`<div role="status"></div>`;const{at:n,problems:i}=t;return nt`
    <section class="card refused" aria-labelledby="refused-title">
      <h2 id="refused-title"><${Qt} kind="warning">The file was refused<//></h2>
      <p><span role="status">It has ${Gt(i.length,"problem")}; generation ${e} serves on.</span>
        ${" "}<span class="dim"><${hn} time=${Date.parse(n)} /></span></p>
      <${Dn} problems=${i} />
    </section>`}function Dn({problems:e}){return nt`<${un} text=${e.join("\n\n")} label="Problems of the configuration" />`}function jn({title:e,confirm:t,dangerous:n=!1,change:i,onClose:o,children:l}){const[r,s]=le(),[a,u]=le(!1),c=se(null),d=ue();re(()=>c.current.showModal(),[]);return nt`
    <dialog ref=${c} aria-labelledby=${d} onClose=${o}>
      <form onSubmit=${async e=>{e.preventDefault(),u(!0);try{await i(Object.fromEntries(new FormData(e.currentTarget))),c.current.close()}catch(e){s(rn(e)),u(!1)}}}>
        <h2 id=${d}>${e}</h2>
        ${l}
        <p class="problem" role="alert">${r}</p>
        <div class="buttons">
          <button type="button" onClick=${()=>c.current.close()}>Cancel</button>
          <button type="submit" class=${n?"primary dangerous":"primary"} disabled=${a}>${t}</button>
        </div>
      </form>
    </dialog>`}function Ln({label:e,hint:t,children:n}){return nt`<label class="field"><span>${e}</span>${n}${t&&nt`<small>${t}</small>`}</label>`}function Nn({number:e,onClose:t}){return nt`
    <${jn} title=${`Serve configuration ${e} again`} confirm="Serve it" change=${async({reason:t})=>{await ot(`/reloads/${e}/restore?${new URLSearchParams({reason:t})}`,{method:"POST"}),nn(`Configuration ${e} serves again, until the file changes or is reloaded.`)}} onClose=${t}>
      <p>It serves at once, in all threads, and no request is lost. Secrets, certificates and plugins are those of now.</p>
      <p>This is temporary: the file is the truth, and takes over when it changes or is reloaded.</p>
      <${Ln} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}function Wn({records:e,number:t,again:n}){const[i,o]=le(!1),l=e.find(e=>e.number===t);if(void 0===l)return nt`<p class="card empty">This configuration is not kept: there never was one, or it is forgotten.</p>`;const{result:r,generation:s,problems:a}=l;return nt`
    <section class="card" aria-labelledby="about-title">
      <div class="head">
        <h2 id="about-title">
          <${Qt} kind=${_n[r]}>${r}<//>${void 0!==s&&` as generation ${s}`}
        </h2>
        ${qt.value&&"served"===r&&nt`
          <button type="button" onClick=${()=>o(!0)}>Serve this configuration again</button>`}
      </div>
      <${In} record=${l} />
    </section>
    ${void 0===a?nt`<${bn} records=${e} record=${l} />
        <${pn} path=${`/reloads/${t}`} title="Effective configuration" />`:nt`<section class="card refused" aria-labelledby="problems-title">
        <h2 id="problems-title">Why it was refused</h2>
        <${Dn} problems=${a} />
      </section>`}
    ${i&&nt`<${Nn} number=${t} onClose=${()=>{o(!1),n()}} />`}`}function In({record:e}){const{at:t,reason:n}=e;return nt`
    <dl class="pairs">
      <dt>Loaded</dt>
      <dd><${hn} time=${Date.parse(t)} /> <span class="dim">at ${Ht(Date.parse(t))}</span></dd>
      <dt>Trigger</dt>
      <dd>${gn(e)}</dd>
      ${void 0!==e.by&&nt`<dt>By</dt><dd>${vn(e)}</dd>`}
      ${void 0!==n&&nt`<dt>Why</dt><dd>${n}</dd>`}
      <dt>Changes</dt>
      <dd><${Rn} ...${e} /></dd>
    </dl>`}function Un({known:{file:e,included:t,restored:n,reloads:i},again:o}){const l=i.find(({result:e})=>"serving"===e),r=ct.value?.warnings??[],{number:s,generation:a,at:u,reason:c}=l;return nt`
    <section class="card" aria-labelledby="now-title">
      <div class="head"><h2 id="now-title">Serves now</h2>${qt.value&&nt`<${Hn} again=${o} />`}</div>
      <dl class="pairs">
        ${void 0!==n&&nt`
          <dt>State</dt>
          <dd><${Qt} kind="notice">Configuration ${n.number} serves again.<//>${" "}
            The file is the truth: this one serves until the file changes or is reloaded.</dd>`}
        <dt>File</dt>
        <dd>${void 0===e?"none: a program gave it":nt`<span class="mono">${e}</span>`}
          ${t>0&&nt` <span class="dim">and ${Gt(t,"included file")}</span>`}</dd>
        <dt>Configuration</dt>
        <dd><a href=${Yt("configuration",{},String(s))}>${s}</a>, generation ${a}</dd>
        <dt>Loaded</dt>
        <dd><${hn} time=${Date.parse(u)} /> <span class="dim">at ${Ht(Date.parse(u))}</span></dd>
        <dt>Trigger</dt>
        <dd>${gn(l)}${void 0!==l.by&&`, by ${vn(l)}`}${void 0!==c&&`: ${c}`}</dd>
        <dt>Warnings</dt>
        <dd>${0===r.length?"none":nt`<ul>${r.map(e=>nt`<${zn} key=${e} line=${e} />`)}</ul>`}</dd>
      </dl>
    </section>`}function zn({line:e}){const{place:t,text:n}=function(e){const[,t,n]=/^(\S.*?) {2}(?:warning: )?(.*)$/s.exec(e)??[];return void 0===t?{text:e.replace(/^warning: /,"")}:{place:t,text:n}}(e);return nt`
    <li>${void 0!==t&&nt`<span class="mono dim break">${t}</span> `}<${Qt} kind="warning">warning:<//> ${n}</li>`}function Hn({again:e}){const[t,n]=le(!1);return nt`<button type="button" disabled=${t} onClick=${async()=>{n(!0);try{await ot("/reload",{method:"POST"}),nn("The file was reloaded and serves.")}catch(e){nn(422===e.status?`The file was refused: ${e.message}`:rn(e),"warning")}n(!1),e()}}>Reload the file</button>`}const Fn=/token|secret|api-?key|passw|auth|cookie|credential|signature|session|jwt/i,Gn=/\beyJ[\w-]+\.[\w-]+\.[\w-]+/;function Bn(e){const t=e.getAll("header").join("\n"),n={method:e.get("method")??"GET",url:e.get("url")??"",ip:e.get("ip")??"",headers:t,withSecrets:!1,leftOut:e.get("without")??""};return{...n,withSecrets:Jn(n).length>0}}function Vn({method:e,url:t,ip:n,headers:i}){return{method:e.trim(),url:t.trim(),header:Kn(i),...""===n.trim()?{}:{ip:n.trim()}}}const Yn="credentials of the URL";function Jn({headers:e,url:t}){const n=/\/\/[^/]*@/.test(t),i=Kn(e).filter(Qn).map(e=>Zn(e).toLowerCase());return[...new Set([...i,...n||Fn.test(t.split("?")[1]??"")||Gn.test(t)?[Yn]:[]])]}function Kn(e){return e.split("\n").map(e=>e.trim()).filter(e=>""!==e)}function Zn(e){return e.split(":",1)[0].trim()}function Xn(e){return e.slice(e.indexOf(":")+1).trim()}function Qn(e){return Fn.test(Zn(e))||Gn.test(e)}function ei(e,t){const{method:n,url:i,header:o}=Vn(e),l=i.startsWith("/")?void 0:URL.parse(i),r=l?.host,s="*"===i?"":null==l?i:i.replace(/^[^/]*\/\/[^/?#]*/,"");return ni("curl -i",[..."GET"===n?[]:["HEAD"===n?"--head":`-X ${ti(n)}`],.../[[\]{}]/.test(s)?["--globoff"]:[],.../\/\.|%2e/i.test(s)?["--path-as-is"]:[],..."*"===i?["--request-target '*'"]:[],...void 0===r?[]:[`-H ${ti(`Host: ${r}`)}`],...o.map(e=>`-H ${ti(function(e){return""===Xn(e)?`${Zn(e)};`:e}(e))}`),ti(`${t}${s}`)])}function ti(e){return/^[\w@%+=:,./-]+$/.test(e)?e:`'${e.replaceAll("'","'\\''")}'`}function ni(e,t){const n=[e,...t].join(" ");return n.length<=100?n:[e,...t].join(" \\\n  ")}function ii({asked:e,config:t}){const n=void 0===t?void 0:function({listeners:[e]=[]},t){const{host:n,port:i,tls:o}=e??{};if(!i)return;return`${void 0===o?"http":"https"}://${["0.0.0.0","::"].includes(n)?t:n.includes(":")?`[${n}]`:n}:${i}`}(t,location.hostname);return nt`
    <section class="card commands" aria-labelledby="commands-title">
      <h2 id="commands-title">The same in a shell</h2>
      ${void 0!==n&&nt`<${oi} title="Send it" text=${ei(e,n)} />`}
      <${oi} title="Explain it" text=${function(e){const{method:t,url:n,header:i,ip:o}=Vn(e);return ni("onedoor explain",[`${ti(t)} ${ti(n)}`,...i.map(e=>`-H ${ti(e)}`),...void 0===o?[]:[`--ip ${ti(o)}`],"--live"])}(e)} />
    </section>`}function oi({title:e,text:t}){return nt`
    <div class="command">
      <p><span class="dim">${e}</span>
        ${void 0!==navigator.clipboard&&nt`
          <button type="button" class="quiet" aria-label=${`Copy: ${e}`} onClick=${async()=>{await navigator.clipboard.writeText(t),nn("Copied.")}}>Copy</button>`}</p>
      <${un} text=${t} label=${e} />
    </div>`}function li({to:e,item:t,links:n}){return n.includes(e)?nt`<a class="break" href=${Yt(e,{},t)}>${t}</a>`:nt`<span class="break">${t}</span>`}const ri=new Set(["refused","failed","responded","redirected","page"]),si={...Object.fromEntries(["allowed","chosen","selected","issued","responded","sticky"].map(e=>[e,"good"])),...Object.fromEntries(["refused","closed","drained","not told","no key","fallback"].map(e=>[e,"warning"])),failed:"critical",unknown:"notice"};function ai(e,t){return void 0===t?"added":"[redacted]"===e?"hidden":[...t,t.join(", "),t.join("; ")].includes(e)?"entered":"changed"}const ui=new Set(["circuit-breaking","health-checks","load-balancing","unreachable-targets","target-discovery","draining"]);function ci({rehearsal:e,at:t,links:n,again:i}){const{outcome:{upstream:o,forwards:l},route:r,unknown:s}=e,{kind:a,what:u,by:c}=function({decisions:e,outcome:{status:t,code:n,location:i,target:o,forwards:l},unknown:r}){const s=e.findLast(({verdict:e})=>ri.has(e))?.by;if(void 0!==l){const{method:e,path:t}=l;return{kind:r.length>0?"notice":"good",what:`${e} ${URL.parse(o)?.origin??o}${t}`,by:void 0}}return void 0!==n?{kind:t>=500?"critical":"warning",what:`${t} ${n}`,by:s}:{kind:"good",what:void 0===i?String(t):`${t} ${i}`,by:s}}(e);return nt`
    <section class="card outcome ${a}" aria-label="Outcome">
      ${s.length>0&&nt`<p class="banner"><${Qt} kind="notice">Not certain<//>
        ${" "}A rehearsal cannot tell what ${s.join(" and ")} will decide. If the request is admitted:</p>`}
      <p role="status" class="what">
        <${Qt} kind=${a}><span class="hidden">Outcome: </span><span class="break">→ ${u}</span><//>
      </p>
      <p class="facts">
        ${void 0!==c&&nt`<span>by <strong>${c}</strong></span>`}
        <span>${void 0===r?"no route fits":nt`route <${li} to="routes" item=${r} links=${n} />`}</span>
        ${void 0!==o&&nt`<span>upstream <${li} to="upstreams" item=${o} links=${n} /></span>`}
        ${void 0===l&&nt`<span>nothing would be sent to a service</span>`}
        <span class="dim">with the state of <${di} key=${t} at=${t} /></span>
        <button type="button" class="quiet" onClick=${i}>Explain again</button>
      </p>
    </section>`}function di({at:e}){const t=se(e);return 0===t.current&&(t.current=ut.value),0===t.current?"now":nt`<${hn} time=${t.current} />`}function fi({answer:{asked:e,rehearsal:t,at:n},links:i,again:o}){const{generation:l}=ct.value??{},{value:r}=sn(void 0===l?void 0:"/config",{after:l}),{candidates:s,decisions:a,outcome:u}=t,c=void 0!==u.forwards,d=nt`<${ii} key="commands" asked=${e} config=${r} />`;return nt`
    <${ci} rehearsal=${t} at=${n} links=${i} again=${o} />
    <div class="columns explained">
      <div>
        <section class="card" aria-labelledby="routes-title">
          <h2 id="routes-title">Routes whose path fits</h2>
          <${Mn} caption="Routes" columns=${function(e){return[{name:"route",title:"Route",cell:({route:t})=>nt`<${li} to="routes" item=${t} links=${e} />`},{name:"verdict",title:"Verdict",cell:$i},{name:"why",title:"Why",cell:gi}]}(i)} rows=${vi(s)} keyOf=${_i}
            empty="No route of the configuration has this path." />
        </section>
        <section class="card" aria-labelledby="decisions-title">
          <h2 id="decisions-title">Decisions, in order</h2>
          <${Mn} caption="Decisions" columns=${function(e,t,n){const i=i=>{const{view:o,item:l,parameters:r}=function({by:e},{upstream:t},n={}){return"rate-limiting"===n[e]?.plugin?{view:"limits",parameters:{filter:e}}:void 0!==t&&ui.has(e)?{view:"upstreams",item:t}:void 0}(i,e,t?.policies)??{};return n.includes(o)?nt`<a class="by" href=${Yt(o,r,l)}>${i.by}</a>`:nt`<span class="by">${i.by}</span>`};return[{name:"by",title:"By",cell:i},{name:"verdict",title:"Verdict",cell:$i},{name:"why",title:"Why",cell:gi}]}(u,r,i)} rows=${vi(a)} keyOf=${_i}
            empty="Nothing had to be decided." />
        </section>
        ${c&&d}
      </div>
      <div>${c?nt`<${pi} rehearsal=${t} asked=${e} />`:d}</div>
    </div>`}function pi({rehearsal:{outcome:{forwards:e}},asked:t}){return nt`
    <section class="card" aria-labelledby="sent-title">
      <h2 id="sent-title">What would be sent</h2>
      <p class="mono break">${e.method} ${e.path}</p>
      <${Mn} caption="Header fields" columns=${hi} rows=${function({headers:e},t){const n=Kn(t),i=Map.groupBy(n.map(e=>[Zn(e).toLowerCase(),Xn(e)]),([e])=>e),o=[];for(let t=0;t+1<e.length;t+=2){const[n,l]=[e[t],e[t+1]],r=i.get(n.toLowerCase())?.map(([,e])=>e);o.push({name:n,value:l,origin:ai(l,r)})}const l=new Set(o.map(({name:e})=>e.toLowerCase())),r=[...i.keys()].filter(e=>!l.has(e)).map(e=>({name:e,value:void 0,origin:"dropped"}));return[...o,...r].map((e,t)=>({...e,id:String(t)}))}(e,t.headers)} keyOf=${({id:e})=>e} />
    </section>`}const hi=[{name:"name",title:"Field",cell:function(e){return nt`<span class="mono whole">${e.name}</span><div class="below"><${mi} ...${e} /></div>`}},{name:"origin",title:"Origin",minor:!0,hint:"Compared with what was entered",cell:mi},{name:"value",title:"Value",cell:function({origin:e,value:t}){return"dropped"===e?nt`<span class="dim">–</span>`:nt`<span class="mono break">${t}</span>`}}];function mi({origin:e}){return"entered"===e?nt`<span class="dim whole">as entered</span>`:"hidden"===e?nt`<span class="dim whole">not shown</span>`:"dropped"===e?nt`<${Qt} kind="off">not sent<//>`:nt`<${Qt} kind=${"added"===e?"notice":"warning"}>${e}<//>`}function $i({verdict:e}){return nt`<${Qt} kind=${function(e){return si[e]??"off"}(e)}>${e}<//>`}function gi({why:e}){return nt`<span class="break">${e}</span>`}function vi(e){return e.map((e,t)=>({...e,id:String(t)}))}function _i({id:e}){return e}const bi=["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"];function yi({form:e,wrong:t,onChange:n,onSubmit:i}){const{method:o,url:l,ip:r,headers:s}=e,a=e=>{e.preventDefault(),i()},u=e=>({id:`explain-${e}`,name:e,autocomplete:"off",autocapitalize:"off",spellcheck:!1,"aria-invalid":t?.name===e?"true":void 0,"aria-describedby":t?.name===e?`explain-${e}-problem`:void 0});return nt`
    <form class="card rehearsed" onSubmit=${a}>
      <${wi} name="method" label="Method" wrong=${t}>
        <input ...${u("method")} class="mono" list="explain-methods" required value=${o}
          onInput=${({currentTarget:{value:e}})=>n({method:e.toUpperCase()})} />
        <datalist id="explain-methods">${bi.map(e=>nt`<option key=${e} value=${e} />`)}</datalist>
      <//>
      <${wi} name="url" label="Path or URL" wrong=${t}>
        <input ...${u("url")} class="mono" required placeholder="/users/1" value=${l}
          onInput=${({currentTarget:{value:e}})=>n({url:e})} />
      <//>
      <${wi} name="ip" label="Address of the client" wrong=${t}>
        <input ...${u("ip")} class="mono" placeholder="127.0.0.1" value=${r}
          onInput=${({currentTarget:{value:e}})=>n({ip:e})} />
      <//>
      <button type="submit" class="primary">Explain</button>
      <${wi} name="header" label="Header fields, one a line" wrong=${t}>
        <textarea ...${u("header")} class="mono" rows=${Math.min(8,Math.max(2,Kn(s).length+1))} value=${s}
          placeholder="accept: application/json" onKeyDown=${e=>{"Enter"===e.key&&(e.ctrlKey||e.metaKey)&&a(e)}}
          onInput=${({currentTarget:{value:e}})=>n({headers:e})}></textarea>
      <//>
      <${ki} form=${e} onChange=${n} />
    </form>`}function wi({name:e,label:t,wrong:n,children:i}){return nt`
    <div class="field ${e}">
      <label for=${`explain-${e}`}>${t}</label>
      ${i}
      ${n?.name===e&&nt`<p class="problem" role="alert" id=${`explain-${e}-problem`}>${n.text}</p>`}
    </div>`}function ki({form:e,onChange:t}){const{leftOut:n,withSecrets:i}=e,o=Jn(e);return 0===o.length&&""===n?null:nt`
    <div class="secrets">
      ${0===o.length?nt`<p>The link leaves out: ${n}. Enter it where it counts.</p>`:nt`
        <p>${i?`The address of this page has ${o.join(", ")}: who gets the link can use it.`:`Not in the address of this page: ${o.join(", ")}.`}</p>
        <label><input type="checkbox" checked=${i}
          onChange=${({currentTarget:{checked:e}})=>t({withSecrets:e})} /> Put this into it all the same</label>`}
    </div>`}function xi({rows:e,onReset:t}){const n=[{name:"key",title:"Key",by:({key:e})=>e,cell:({key:e})=>nt`<span class="mono break">${e}</span>`},{name:"policy",title:"Policy",by:({policy:e})=>e,cell:Si},{name:"state",title:"State",by:({limited:e})=>e?0:1,cell:Ti},{name:"left",title:"Left",number:!0,by:({left:e})=>e,cell:({left:e})=>e},{name:"free",title:"Next request in",number:!0,by:({freeAt:e})=>e,cell:Mi},{name:"full",title:"All units in",number:!0,minor:!0,by:({fullAt:e})=>e,cell:Ci},...qt.value?[{name:"reset",title:"Change",cell:e=>nt`<${Pi} row=${e} onReset=${t} />`}]:[]];return nt`<${Mn} caption="Limited keys" columns=${n} rows=${e} keyOf=${({id:e})=>e} empty="No key is limited." />`}function Si({policy:e,tier:t}){return nt`${e}${void 0!==t&&nt` <span class="tag">${t}</span>`}`}function Ti({limited:e,seen:t}){return e?nt`<${Qt} kind="warning">limited<//>`:nt`<${Qt} kind="off">limited <${hn} time=${t} /><//>`}function Mi({limited:e,freeAt:t}){return e?nt`<${mn} time=${t} />`:"now"}function Ci({limited:e,fullAt:t}){return e?nt`<${mn} time=${t} />`:nt`<span class="dim">–</span>`}function Pi({row:e,onReset:t}){const{key:n,policy:i,resettable:o}=e;return o?nt`<button type="button" class="quiet" aria-label=${`Reset ${n} of ${i}`} onClick=${()=>t(e)}>Reset</button>`:nt`<span class="dim" title="It counts requests in progress: a place is free when a request ends.">–</span>`}const qi=mt("policies"),Oi=[{name:"policy",title:"Policy",cell:({policy:e})=>e},{name:"limit",title:"Limit",cell:function({limits:e}){return nt`${e.map(({tier:e,limits:t})=>nt`
    <div key=${e}>${void 0!==e&&nt`<span class="tag">${e}</span> `}${t.map(Ai).join(" and ")}</div>`)}`}},{name:"algorithm",title:"Algorithm",minor:!0,cell:({algorithm:e})=>e},{name:"mode",title:"Mode",cell:function({mode:e,store:t}){if(!1===t?.up)return nt`<${Qt} kind="critical">the store does not respond<//>`;const n=void 0===t?"":`, shared by ${Gt(t.gateways,"gateway")}`;return"enforce"===e?`enforced${n}`:nt`<${Qt} kind="notice">${e}${n}<//>`}},{name:"keys",title:"Keys",number:!0,cell:({keys:e})=>Dt(e)},{name:"limited",title:"Rejected",number:!0,hint:"Requests per second in the last ten seconds",cell:function({rate:e}){return nt`${Dt(e)}<span class="unit">/s</span>`}},{name:"total",title:"In all",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)}];function Ei({policies:e}){const t=e.map(e=>({...e,...qi.value[e.policy]&&{rate:qi.value[e.policy].limited,total:qi.value[e.policy].total}}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Mn} caption="Rate-limiting policies" columns=${Oi} rows=${t} keyOf=${({policy:e})=>e} />
    </section>`}const Ri={1e3:"second",6e4:"minute",36e5:"hour",864e5:"day"};function Ai({atOnce:e,limit:t,windowMs:n}){return void 0===t?`${e} in progress`:`${t} per ${Ri[n]??Ut(n)}, ${e} at once`}function Di(e,{key:t,tier:n=""}){return JSON.stringify([e,n,t])}function ji({row:{policy:e,key:t},onClose:n}){return nt`
    <${jn} title=${`Reset ${t} of ${e}`} confirm="Reset" change=${async({reason:n})=>{const{reset:i}=await ot(`/limits/reset?${new URLSearchParams({policy:e,key:t,reason:n})}`,{method:"POST"});nn(`${Gt(i,"key")} of ${e} reset.`)}} onClose=${n}>
      <p>All units of the limit are available again, in all threads and at once.</p>
      <${Ln} label="Why (for the log)"><input name="reason" maxlength="200" /><//>
    <//>`}const Li="u-off",Ni="u-label",Wi="width",Ii="height",Ui="top",zi="bottom",Hi="left",Fi="right",Gi="#000",Bi=Gi+"0",Vi="mousemove",Yi="mousedown",Ji="mouseup",Ki="mouseenter",Zi="mouseleave",Xi="dblclick",Qi="change",eo="dppxchange",to="--",no="undefined"!=typeof window,io=no?document:null,oo=no?window:null,lo=no?navigator:null;let ro,so;function ao(e,t){if(null!=t){let n=e.classList;!n.contains(t)&&n.add(t)}}function uo(e,t){let n=e.classList;n.contains(t)&&n.remove(t)}function co(e,t,n){e.style[t]=n+"px"}function fo(e,t,n,i){let o=io.createElement(e);return null!=t&&ao(o,t),null!=n&&n.insertBefore(o,i),o}function po(e,t){return fo("div",e,t)}const ho=new WeakMap;function mo(e,t,n,i,o){let l="translate("+t+"px,"+n+"px)";l!=ho.get(e)&&(e.style.transform=l,ho.set(e,l),t<0||n<0||t>i||n>o?ao(e,Li):uo(e,Li))}const $o=new WeakMap;function go(e,t,n){let i=t+n;i!=$o.get(e)&&($o.set(e,i),e.style.background=t,e.style.borderColor=n)}const vo=new WeakMap;function _o(e,t,n,i){let o=t+""+n;o!=vo.get(e)&&(vo.set(e,o),e.style.height=n+"px",e.style.width=t+"px",e.style.marginLeft=i?-t/2+"px":0,e.style.marginTop=i?-n/2+"px":0)}const bo={passive:!0},yo={...bo,capture:!0};function wo(e,t,n,i){t.addEventListener(e,n,i?yo:bo)}function ko(e,t,n,i){t.removeEventListener(e,n,bo)}function xo(e,t,n,i){let o;n=n||0;let l=(i=i||t.length-1)<=2147483647;for(;i-n>1;)o=l?n+i>>1:Ho((n+i)/2),t[o]<e?n=o:i=o;return e-t[n]<=t[i]-e?n:i}function So(e){return(t,n,i)=>{let o=-1,l=-1;for(let l=n;l<=i;l++)if(e(t[l])){o=l;break}for(let o=i;o>=n;o--)if(e(t[o])){l=o;break}return[o,l]}}no&&function e(){let t=devicePixelRatio;ro!=t&&(ro=t,so&&ko(Qi,so,e),so=matchMedia(`(min-resolution: ${ro-.001}dppx) and (max-resolution: ${ro+.001}dppx)`),wo(Qi,so,e),oo.dispatchEvent(new CustomEvent(eo)))}();const To=e=>null!=e,Mo=e=>null!=e&&e>0,Co=So(To),Po=So(Mo);function qo(e,t,n,i){let o=Jo(e),l=Jo(t);e==t&&(-1==o?(e*=n,t/=n):(e/=n,t*=n));let r=10==n?Ko:Zo,s=1==l?Go:Ho,a=(1==o?Ho:Go)(r(zo(e))),u=s(r(zo(t))),c=Yo(n,a),d=Yo(n,u);return 10==n&&(a<0&&(c=hl(c,-a)),u<0&&(d=hl(d,-u))),i||2==n?(e=c*o,t=d*l):(e=pl(e,c),t=fl(t,d)),[e,t]}function Oo(e,t,n,i){let o=qo(e,t,n,i);return 0==e&&(o[0]=0),0==t&&(o[1]=0),o}const Eo={mode:3,pad:.1},Ro={pad:0,soft:null,mode:0},Ao={min:Ro,max:Ro};function Do(e,t,n,i){return xl(n)?Lo(e,t,n):(Ro.pad=n,Ro.soft=i?0:null,Ro.mode=i?3:0,Lo(e,t,Ao))}function jo(e,t){return e??t}function Lo(e,t,n){let i=n.min,o=n.max,l=jo(i.pad,0),r=jo(o.pad,0),s=jo(i.hard,-Qo),a=jo(o.hard,Qo),u=jo(i.soft,Qo),c=jo(o.soft,-Qo),d=jo(i.mode,0),f=jo(o.mode,0),p=t-e,h=Ko(p),m=Vo(zo(e),zo(t)),$=Ko(m),g=zo($-h);(p<1e-24||g>10)&&(p=0,0!=e&&0!=t||(p=1e-24,2==d&&u!=Qo&&(l=0),2==f&&c!=-Qo&&(r=0)));let v=p||m||1e3,_=Ko(v),b=Yo(10,Ho(_)),y=hl(pl(e-v*(0==p?0==e?.1:1:l),b/10),24),w=e>=u&&(1==d||3==d&&y<=u||2==d&&y>=u)?u:Qo,k=Vo(s,y<w&&e>=w?w:Bo(w,y)),x=hl(fl(t+v*(0==p?0==t?.1:1:r),b/10),24),S=t<=c&&(1==f||3==f&&x>=c||2==f&&x<=c)?c:-Qo,T=Bo(a,x>S&&t<=S?S:Vo(S,x));return k==T&&0==k&&(T=100),[k,T]}const No=new Intl.NumberFormat(no?lo.language:"en-US"),Wo=e=>No.format(e),Io=Math,Uo=Io.PI,zo=Io.abs,Ho=Io.floor,Fo=Io.round,Go=Io.ceil,Bo=Io.min,Vo=Io.max,Yo=Io.pow,Jo=Io.sign,Ko=Io.log10,Zo=Io.log2,Xo=(e,t=1)=>Io.asinh(e/t),Qo=1/0;function el(e){return 1+(0|Ko((e^e>>31)-(e>>31)))}function tl(e,t,n){return Bo(Vo(e,t),n)}function nl(e){return"function"==typeof e}function il(e){return nl(e)?e:()=>e}const ol=e=>e,ll=(e,t)=>t,rl=e=>null,sl=e=>!0,al=(e,t)=>e==t,ul=/\.\d*?(?=9{6,}|0{6,})/gm,cl=e=>{if(wl(e)||ml.has(e))return e;const t=`${e}`,n=t.match(ul);if(null==n)return e;let i=n[0].length-1;if(-1!=t.indexOf("e-")){let[e,n]=t.split("e");return+`${cl(e)}e${n}`}return hl(e,i)};function dl(e,t){return cl(hl(cl(e/t))*t)}function fl(e,t){return cl(Go(cl(e/t))*t)}function pl(e,t){return cl(Ho(cl(e/t))*t)}function hl(e,t=0){if(wl(e))return e;let n=10**t,i=e*n*(1+Number.EPSILON);return Fo(i)/n}const ml=new Map;function $l(e){return((""+e).split(".")[1]||"").length}function gl(e,t,n,i){let o=[],l=i.map($l);for(let r=t;r<n;r++){let t=zo(r),n=hl(Yo(e,r),t);for(let s=0;s<i.length;s++){let a=10==e?+`${i[s]}e${r}`:i[s]*n,u=(r>=0?0:t)+(r>=l[s]?0:l[s]),c=10==e?a:hl(a,u);o.push(c),ml.set(c,u)}}return o}const vl={},_l=[],bl=[null,null],yl=Array.isArray,wl=Number.isInteger;function kl(e){return"string"==typeof e}function xl(e){let t=!1;if(null!=e){let n=e.constructor;t=null==n||n==Object}return t}function Sl(e){return null!=e&&"object"==typeof e}const Tl=Object.getPrototypeOf(Uint8Array),Ml="__proto__";function Cl(e,t=xl){let n;if(yl(e)){let i=e.find(e=>null!=e);if(yl(i)||t(i)){n=Array(e.length);for(let i=0;i<e.length;i++)n[i]=Cl(e[i],t)}else n=e.slice()}else if(e instanceof Tl)n=e.slice();else if(t(e)){n={};for(let i in e)i!=Ml&&(n[i]=Cl(e[i],t))}else n=e;return n}function Pl(e){let t=arguments;for(let n=1;n<t.length;n++){let i=t[n];for(let t in i)t!=Ml&&(xl(e[t])?Pl(e[t],Cl(i[t])):e[t]=Cl(i[t]))}return e}function ql(e,t,n){for(let i,o=0,l=-1;o<t.length;o++){let r=t[o];if(r>l){for(i=r-1;i>=0&&null==e[i];)e[i--]=null;for(i=r+1;i<n&&null==e[i];)e[l=i++]=null}}}const Ol="undefined"==typeof queueMicrotask?e=>Promise.resolve().then(e):queueMicrotask;const El=["January","February","March","April","May","June","July","August","September","October","November","December"],Rl=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Al(e){return e.slice(0,3)}const Dl=Rl.map(Al),jl=El.map(Al),Ll={MMMM:El,MMM:jl,WWWW:Rl,WWW:Dl};function Nl(e){return(e<10?"0":"")+e}const Wl={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>Nl(e.getMonth()+1),M:e=>e.getMonth()+1,DD:e=>Nl(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>Nl(e.getHours()),H:e=>e.getHours(),h:e=>{let t=e.getHours();return 0==t?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>Nl(e.getMinutes()),m:e=>e.getMinutes(),ss:e=>Nl(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>{return((t=e.getMilliseconds())<10?"00":t<100?"0":"")+t;var t}};function Il(e,t){t=t||Ll;let n,i=[],o=/\{([a-z]+)\}|[^{]+/gi;for(;n=o.exec(e);)i.push("{"==n[0][0]?Wl[n[1]]:n[0]);return e=>{let n="";for(let o=0;o<i.length;o++)n+="string"==typeof i[o]?i[o]:i[o](e,t);return n}}const Ul=(new Intl.DateTimeFormat).resolvedOptions().timeZone;const zl=e=>e%1==0,Hl=[1,2,2.5,5],Fl=gl(10,-32,0,Hl),Gl=gl(10,0,32,Hl),Bl=Gl.filter(zl),Vl=Fl.concat(Gl),Yl="{YYYY}",Jl="\n"+Yl,Kl="{M}/{D}",Zl="\n"+Kl,Xl=Zl+"/{YY}",Ql="{aa}",er="{h}:{mm}"+Ql,tr="\n"+er,nr=":{ss}",ir=null;function or(e){let t=1e3*e,n=60*t,i=60*n,o=24*i,l=30*o,r=365*o;return[(1==e?gl(10,0,3,Hl).filter(zl):gl(10,-3,0,Hl)).concat([t,5*t,10*t,15*t,30*t,n,5*n,10*n,15*n,30*n,i,2*i,3*i,4*i,6*i,8*i,12*i,o,2*o,3*o,4*o,5*o,6*o,7*o,8*o,9*o,10*o,15*o,l,2*l,3*l,4*l,6*l,r,2*r,5*r,10*r,25*r,50*r,100*r]),[[r,Yl,ir,ir,ir,ir,ir,ir,1],[28*o,"{MMM}",Jl,ir,ir,ir,ir,ir,1],[o,Kl,Jl,ir,ir,ir,ir,ir,1],[i,"{h}"+Ql,Xl,ir,Zl,ir,ir,ir,1],[n,er,Xl,ir,Zl,ir,ir,ir,1],[t,nr,Xl+" "+er,ir,Zl+" "+er,ir,tr,ir,1],[e,nr+".{fff}",Xl+" "+er,ir,Zl+" "+er,ir,tr,ir,1]],function(t){return(s,a,u,c,d,f)=>{let p=[],h=d>=r,m=d>=l&&d<r,$=t(u),g=hl($*e,3),v=pr($.getFullYear(),h?0:$.getMonth(),m||h?1:$.getDate()),_=hl(v*e,3);if(m||h){let n=m?d/l:0,i=h?d/r:0,o=g==_?g:hl(pr(v.getFullYear()+i,v.getMonth()+n,1)*e,3),s=new Date(Fo(o/e)),a=s.getFullYear(),u=s.getMonth();for(let l=0;o<=c;l++){let r=pr(a+i*l,u+n*l,1),s=r-t(hl(r*e,3));o=hl((+r+s)*e,3),o<=c&&p.push(o)}}else{let l=d>=o?o:d,r=_+(Ho(u)-Ho(g))+fl(g-_,l);p.push(r);let h=t(r),m=h.getHours()+h.getMinutes()/n+h.getSeconds()/i,$=d/i,v=f/s.axes[a]._space;for(;r=hl(r+d,1==e?0:3),!(r>c);)if($>1){let e=Ho(hl(m+$,6))%24,n=t(r).getHours()-e;n>1&&(n=-1),r-=n*i,m=(m+$)%24,hl((r-p[p.length-1])/d,3)*v>=.7&&p.push(r)}else p.push(r)}return p}}]}const[lr,rr,sr]=or(1),[ar,ur,cr]=or(.001);function dr(e,t){return e.map(e=>e.map((n,i)=>0==i||8==i||null==n?n:t(1==i||0==e[8]?n:e[1]+n)))}function fr(e,t){return(n,i,o,l,r)=>{let s,a,u,c,d,f,p=t.find(e=>r>=e[0])||t[t.length-1];return i.map(t=>{let n=e(t),i=n.getFullYear(),o=n.getMonth(),l=n.getDate(),r=n.getHours(),h=n.getMinutes(),m=n.getSeconds(),$=i!=s&&p[2]||o!=a&&p[3]||l!=u&&p[4]||r!=c&&p[5]||h!=d&&p[6]||m!=f&&p[7]||p[1];return s=i,a=o,u=l,c=r,d=h,f=m,$(n)})}}function pr(e,t,n){return new Date(e,t,n)}function hr(e,t){return t(e)}gl(2,-53,53,[1]);function mr(e,t){return(n,i,o,l)=>null==l?to:t(e(i))}const $r={show:!0,live:!0,isolate:!1,mount:()=>{},markers:{show:!0,width:2,stroke:function(e,t){let n=e.series[t];return n.width?n.stroke(e,t):n.points.width?n.points.stroke(e,t):null},fill:function(e,t){return e.series[t].fill(e,t)},dash:"solid"},idx:null,idxs:null,values:[]};const gr=[0,0];function vr(e,t,n,i=!0){return e=>{0==e.button&&(!i||e.target==t)&&n(e)}}function _r(e,t,n,i=!0){return e=>{(!i||e.target==t)&&n(e)}}const br={show:!0,x:!0,y:!0,lock:!1,move:function(e,t,n){return gr[0]=t,gr[1]=n,gr},points:{one:!1,show:function(e,t){let n=e.cursor.points,i=po(),o=n.size(e,t);co(i,Wi,o),co(i,Ii,o);let l=o/-2;co(i,"marginLeft",l),co(i,"marginTop",l);let r=n.width(e,t,o);return r&&co(i,"borderWidth",r),i},size:function(e,t){return e.series[t].points.size},width:0,stroke:function(e,t){let n=e.series[t].points;return n._stroke||n._fill},fill:function(e,t){let n=e.series[t].points;return n._fill||n._stroke}},bind:{mousedown:vr,mouseup:vr,click:vr,dblclick:vr,mousemove:_r,mouseleave:_r,mouseenter:_r},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(e,t,n,i,o)=>i-o,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},yr={show:!0,stroke:"rgba(0,0,0,0.07)",width:2},wr=Pl({},yr,{filter:ll}),kr=Pl({},wr,{size:10}),xr=Pl({},yr,{show:!1}),Sr='12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',Tr="bold "+Sr,Mr={show:!0,scale:"x",stroke:Gi,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Tr,side:2,grid:wr,ticks:kr,border:xr,font:Sr,lineGap:1.5,rotate:0},Cr={show:!0,scale:"x",auto:!1,sorted:1,min:Qo,max:-Qo,idxs:[]};function Pr(e,t,n,i,o){return t.map(e=>null==e?"":Wo(e))}function qr(e,t,n,i,o,l,r){let s=[],a=ml.get(o)||0;for(let e=n=r?n:hl(fl(n,o),a);e<=i;e=hl(e+o,a))s.push(Object.is(e,-0)?0:e);return s}function Or(e,t,n,i,o,l,r){const s=[],a=e.scales[e.axes[t].scale].log,u=Ho((10==a?Ko:Zo)(n));o=Yo(a,u),10==a&&(o=Vl[xo(o,Vl)]);let c=n,d=o*a;10==a&&(d=Vl[xo(d,Vl)]);do{s.push(c),c+=o,10!=a||ml.has(c)||(c=hl(c,ml.get(o))),c>=d&&(d=(o=c)*a,10==a&&(d=Vl[xo(d,Vl)]))}while(c<=i);return s}function Er(e,t,n,i,o,l,r){let s=e.scales[e.axes[t].scale].asinh,a=i>s?Or(e,t,Vo(s,n),i,o):[s],u=i>=0&&n<=0?[0]:[];return(n<-s?Or(e,t,Vo(s,-i),-n,o):[s]).reverse().map(e=>-e).concat(u,a)}const Rr=/./,Ar=/[12357]/,Dr=/[125]/,jr=/1/,Lr=(e,t,n,i)=>e.map((e,o)=>4==t&&0==e||o%i==0&&n.test(e.toExponential()[e<0?1:0])?e:null);function Nr(e,t,n,i,o){let l=e.axes[n],r=l.scale,s=e.scales[r],a=e.valToPos,u=l._space,c=a(10,r),d=a(9,r)-c>=u?Rr:a(7,r)-c>=u?Ar:a(5,r)-c>=u?Dr:jr;if(d==jr){let e=zo(a(1,r)-c);if(e<u)return Lr(t.slice().reverse(),s.distr,d,Go(u/e)).reverse()}return Lr(t,s.distr,d,1)}function Wr(e,t,n,i,o){let l=e.axes[n],r=l.scale,s=l._space,a=e.valToPos,u=zo(a(1,r)-a(2,r));return u<s?Lr(t.slice().reverse(),3,Rr,Go(s/u)).reverse():t}function Ir(e,t,n,i){return null==i?to:null==t?"":Wo(t)}const Ur={show:!0,scale:"y",stroke:Gi,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Tr,side:3,grid:wr,ticks:kr,border:xr,font:Sr,lineGap:1.5,rotate:0};const zr={scale:null,auto:!0,sorted:0,min:Qo,max:-Qo},Hr=(e,t,n,i,o)=>o,Fr={show:!0,auto:!0,sorted:0,gaps:Hr,alpha:1,facets:[Pl({},zr,{scale:"x"}),Pl({},zr,{scale:"y"})]},Gr={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:Hr,alpha:1,points:{show:function(e,t){let{scale:n,idxs:i}=e.series[0],o=e._data[0],l=e.valToPos(o[i[0]],n,!0),r=e.valToPos(o[i[1]],n,!0),s=zo(r-l)/(e.series[t].points.space*ro);return i[1]-i[0]<=s},filter:null},values:null,min:Qo,max:-Qo,idxs:[],path:null,clip:null};function Br(e,t,n,i,o){return n/10}const Vr={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Yr=Pl({},Vr,{time:!1,ori:1}),Jr={};function Kr(e,t){let n=Jr[e];return n||(n={key:e,plots:[],sub(e){n.plots.push(e)},unsub(e){n.plots=n.plots.filter(t=>t!=e)},pub(e,t,i,o,l,r,s){for(let a=0;a<n.plots.length;a++)n.plots[a]!=t&&n.plots[a].pub(e,t,i,o,l,r,s)}},null!=e&&(Jr[e]=n)),n}function Zr(e,t,n){const i=e.mode,o=e.series[t],l=2==i?e._data[t]:e._data,r=e.scales,s=e.bbox;let a=l[0],u=2==i?l[1]:l[t],c=2==i?r[o.facets[0].scale]:r[e.series[0].scale],d=2==i?r[o.facets[1].scale]:r[o.scale],f=s.left,p=s.top,h=s.width,m=s.height,$=e.valToPosH,g=e.valToPosV;return 0==c.ori?n(o,a,u,c,d,$,g,f,p,h,m,ls,ss,us,ds,ps):n(o,a,u,c,d,g,$,p,f,m,h,rs,as,cs,fs,hs)}function Xr(e,t){let n=0,i=0,o=jo(e.bands,_l);for(let e=0;e<o.length;e++){let l=o[e];l.series[0]==t?n=l.dir:l.series[1]==t&&(1==l.dir?i|=1:i|=2)}return[n,1==i?-1:2==i?1:3==i?2:0]}function Qr(e,t,n,i,o){let l=e.mode,r=e.series[t],s=2==l?r.facets[1].scale:r.scale,a=e.scales[s];return-1==o?a.min:1==o?a.max:3==a.distr?1==a.dir?a.min:a.max:0}function es(e,t,n,i,o,l){return Zr(e,t,(e,t,r,s,a,u,c,d,f,p,h)=>{let m=e.pxRound;const $=s.dir*(0==s.ori?1:-1),g=0==s.ori?ss:as;let v,_;1==$?(v=n,_=i):(v=i,_=n);let b=m(u(t[v],s,p,d)),y=m(c(r[v],a,h,f)),w=m(u(t[_],s,p,d)),k=m(c(1==l?a.max:a.min,a,h,f)),x=new Path2D(o);return g(x,w,k),g(x,b,k),g(x,b,y),x})}function ts(e,t,n,i,o,l){let r=null;if(e.length>0){r=new Path2D;const s=0==t?us:cs;let a=n;for(let t=0;t<e.length;t++){let n=e[t];if(n[1]>n[0]){let e=n[0]-a;e>0&&s(r,a,i,e,i+l),a=n[1]}}let u=n+o-a,c=10;u>0&&s(r,a,i-c/2,u,i+l+c)}return r}function ns(e,t,n,i,o,l,r){let s=[],a=e.length;for(let u=1==o?n:i;u>=n&&u<=i;u+=o){if(null===t[u]){let c=u,d=u;if(1==o)for(;++u<=i&&null===t[u];)d=u;else for(;--u>=n&&null===t[u];)d=u;let f=l(e[c]),p=d==c?f:l(e[d]),h=c-o;f=r<=0&&h>=0&&h<a?l(e[h]):f;let m=d+o;p=r>=0&&m>=0&&m<a?l(e[m]):p,p>=f&&s.push([f,p])}}return s}function is(e){return 0==e?ol:1==e?Fo:t=>dl(t,e)}function os(e){let t=0==e?ls:rs,n=0==e?(e,t,n,i,o,l)=>{e.arcTo(t,n,i,o,l)}:(e,t,n,i,o,l)=>{e.arcTo(n,t,o,i,l)},i=0==e?(e,t,n,i,o)=>{e.rect(t,n,i,o)}:(e,t,n,i,o)=>{e.rect(n,t,o,i)};return(e,o,l,r,s,a=0,u=0)=>{0==a&&0==u?i(e,o,l,r,s):(a=Bo(a,r/2,s/2),u=Bo(u,r/2,s/2),t(e,o+a,l),n(e,o+r,l,o+r,l+s,a),n(e,o+r,l+s,o,l+s,u),n(e,o,l+s,o,l,u),n(e,o,l,o+r,l,a),e.closePath())}}const ls=(e,t,n)=>{e.moveTo(t,n)},rs=(e,t,n)=>{e.moveTo(n,t)},ss=(e,t,n)=>{e.lineTo(t,n)},as=(e,t,n)=>{e.lineTo(n,t)},us=os(0),cs=os(1),ds=(e,t,n,i,o,l)=>{e.arc(t,n,i,o,l)},fs=(e,t,n,i,o,l)=>{e.arc(n,t,i,o,l)},ps=(e,t,n,i,o,l,r)=>{e.bezierCurveTo(t,n,i,o,l,r)},hs=(e,t,n,i,o,l,r)=>{e.bezierCurveTo(n,t,o,i,r,l)};function ms(e){return(e,t,n,i,o)=>Zr(e,t,(t,l,r,s,a,u,c,d,f,p,h)=>{let m,$,{pxRound:g,points:v}=t;0==s.ori?(m=ls,$=ds):(m=rs,$=fs);const _=hl(v.width*ro,3);let b=(v.size-v.width)/2*ro,y=hl(2*b,3),w=new Path2D,k=new Path2D,{left:x,top:S,width:T,height:M}=e.bbox;us(k,x-y,S-y,T+2*y,M+2*y);const C=e=>{if(null!=r[e]){let t=g(u(l[e],s,p,d)),n=g(c(r[e],a,h,f));m(w,t+b,n),$(w,t,n,b,0,2*Uo)}};if(o)o.forEach(C);else for(let e=n;e<=i;e++)C(e);return{stroke:_>0?w:null,fill:w,clip:k,flags:3}})}function $s(e){return(t,n,i,o,l,r)=>{i!=o&&(l!=i&&r!=i&&e(t,n,i),l!=o&&r!=o&&e(t,n,o),e(t,n,r))}}const gs=$s(ss),vs=$s(as);function _s(e){const t=jo(e?.alignGaps,0);return(e,n,i,o)=>Zr(e,n,(l,r,s,a,u,c,d,f,p,h,m)=>{[i,o]=Co(s,i,o);let $,g,v=l.pxRound,_=e=>v(c(e,a,h,f)),b=e=>v(d(e,u,m,p));0==a.ori?($=ss,g=gs):($=as,g=vs);const y=a.dir*(0==a.ori?1:-1),w={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},k=w.stroke;let x=!1;if(o-i>=4*h){let t,n,l,u=t=>e.posToVal(t,a.key,!0),c=null,d=null,f=_(r[1==y?i:o]),p=_(r[i]),h=_(r[o]),m=u(1==y?p+1:h-1);for(let e=1==y?i:o;e>=i&&e<=o;e+=y){let i=r[e],o=(1==y?i<m:i>m)?f:_(i),l=s[e];o==f?null!=l?(n=l,null==c?($(k,o,b(n)),t=c=d=n):n<c?c=n:n>d&&(d=n)):null===l&&(x=!0):(null!=c&&g(k,f,b(c),b(d),b(t),b(n)),null!=l?(n=l,$(k,o,b(n)),c=d=t=n):(c=d=null,null===l&&(x=!0)),f=o,m=u(f+y))}null!=c&&c!=d&&l!=f&&g(k,f,b(c),b(d),b(t),b(n))}else for(let e=1==y?i:o;e>=i&&e<=o;e+=y){let t=s[e];null===t?x=!0:null!=t&&$(k,_(r[e]),b(t))}let[S,T]=Xr(e,n);if(null!=l.fill||0!=S){let t=w.fill=new Path2D(k),s=b(l.fillTo(e,n,l.min,l.max,S)),a=_(r[i]),u=_(r[o]);-1==y&&([u,a]=[a,u]),$(t,u,s),$(t,a,s)}if(!l.spanGaps){let u=[];x&&u.push(...ns(r,s,i,o,y,_,t)),w.gaps=u=l.gaps(e,n,i,o,u),w.clip=ts(u,a.ori,f,p,h,m)}return 0!=T&&(w.band=2==T?[es(e,n,i,o,k,-1),es(e,n,i,o,k,1)]:es(e,n,i,o,k,T)),w})}function bs(e,t,n,i,o,l,r=Qo){if(e.length>1){let s=null;for(let a=0,u=1/0;a<e.length;a++)if(void 0!==t[a]){if(null!=s){let t=zo(e[a]-e[s]);t<u&&(u=t,r=zo(n(e[a],i,o,l)-n(e[s],i,o,l)))}s=a}}return r}function ys(e,t,n,i,o,l){const r=e.length;if(r<2)return null;const s=new Path2D;if(n(s,e[0],t[0]),2==r)i(s,e[1],t[1]);else{let n=Array(r),i=Array(r-1),l=Array(r-1),a=Array(r-1);for(let n=0;n<r-1;n++)l[n]=t[n+1]-t[n],a[n]=e[n+1]-e[n],i[n]=l[n]/a[n];n[0]=i[0];for(let e=1;e<r-1;e++)0===i[e]||0===i[e-1]||i[e-1]>0!=i[e]>0?n[e]=0:(n[e]=3*(a[e-1]+a[e])/((2*a[e]+a[e-1])/i[e-1]+(a[e]+2*a[e-1])/i[e]),isFinite(n[e])||(n[e]=0));n[r-1]=i[r-2];for(let i=0;i<r-1;i++)o(s,e[i]+a[i]/3,t[i]+n[i]*a[i]/3,e[i+1]-a[i]/3,t[i+1]-n[i+1]*a[i]/3,e[i+1],t[i+1])}return s}const ws=new Set;function ks(){for(let e of ws)e.syncRect(!0)}no&&(wo("resize",oo,ks),wo("scroll",oo,ks,!0),wo(eo,oo,()=>{Ns.pxRatio=ro}));const xs=_s(),Ss=ms();function Ts(e,t,n,i){return(i?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((e,i)=>Ms(e,i,t,n))}function Ms(e,t,n,i){return Pl({},0==t?n:i,e)}function Cs(e,t,n){return null==t?bl:[t,n]}const Ps=Cs;function qs(e,t,n){return null==t?bl:Do(t,n,.1,!0)}function Os(e,t,n,i){return null==t?bl:qo(t,n,e.scales[i].log,!1)}const Es=Os;function Rs(e,t,n,i){return null==t?bl:Oo(t,n,e.scales[i].log,!1)}const As=Rs;function Ds(e,t,n,i,o){let l=Vo(el(e),el(t)),r=t-e,s=xo(o/i*r,n);do{let e=n[s],t=i*e/r;if(t>=o&&l+(e<5?ml.get(e):0)<=17)return[e,t]}while(++s<n.length);return[0,0]}function js(e){let t,n;return[e=e.replace(/(\d+)px/,(e,i)=>(t=Fo((n=+i)*ro))+"px"),t,n]}function Ls(e){e.show&&[e.font,e.labelFont].forEach(e=>{let t=hl(e[2]*ro,1);e[0]=e[0].replace(/[0-9.]+px/,t+"px"),e[1]=t})}function Ns(e,t,n){const i={mode:jo(e.mode,1)},o=i.mode;function l(e,t,n,i){let o=t.valToPct(e);return i+n*(-1==t.dir?1-o:o)}function r(e,t,n,i){let o=t.valToPct(e);return i+n*(-1==t.dir?o:1-o)}function s(e,t,n,i){return 0==t.ori?l(e,t,n,i):r(e,t,n,i)}i.valToPosH=l,i.valToPosV=r;let a=!1;i.status=0;const u=i.root=po("uplot");if(null!=e.id&&(u.id=e.id),ao(u,e.class),e.title){po("u-title",u).textContent=e.title}const c=fo("canvas"),d=i.ctx=c.getContext("2d"),f=po("u-wrap",u);wo("click",f,e=>{if(e.target===h){(Ct!=xt||Pt!=St)&&Nt.click(i,e)}},!0);const p=i.under=po("u-under",f);f.appendChild(c);const h=i.over=po("u-over",f),m=+jo((e=Cl(e)).pxAlign,1),$=is(m);(e.plugins||[]).forEach(t=>{t.opts&&(e=t.opts(i,e)||e)});const g=e.ms||.001,v=i.series=1==o?Ts(e.series||[],Cr,Gr,!1):function(e,t){return e.map((e,n)=>0==n?{}:Pl({},t,e))}(e.series||[null],Fr),_=i.axes=Ts(e.axes||[],Mr,Ur,!0),b=i.scales={},y=i.bands=e.bands||[];y.forEach(e=>{e.fill=il(e.fill||null),e.dir=jo(e.dir,-1)});const w=2==o?v[1].facets[0].scale:v[0].scale,k={axes:function(){for(let e=0;e<_.length;e++){let t=_[e];if(!t.show||!t._show)continue;let n,o,l=t.side,r=l%2,a=t.stroke(i,e),u=0==l||3==l?-1:1,[c,f]=t._found;if(null!=t.label){let s=t.labelGap*u,p=Fo((t._lpos+s)*ro);lt(t.labelFont[0],a,"center",2==l?Ui:zi),d.save(),1==r?(n=o=0,d.translate(p,Fo(he+$e/2)),d.rotate((3==l?-Uo:Uo)/2)):(n=Fo(pe+me/2),o=p);let h=nl(t.label)?t.label(i,e,c,f):t.label;d.fillText(h,n,o),d.restore()}if(0==f)continue;let p=b[t.scale],h=0==r?me:$e,m=0==r?pe:he,g=t._splits,v=2==p.distr?g.map(e=>et[e]):g,y=2==p.distr?et[g[1]]-et[g[0]]:c,w=t.ticks,k=t.border,x=w.show?w.size:0,S=Fo(x*ro),T=Fo((2==t.alignTo?t._size-x-t.gap:t.gap)*ro),M=t._rotate*-Uo/180,C=$(t._pos*ro),P=C+(S+T)*u;o=0==r?P:0,n=1==r?P:0,lt(t.font[0],a,1==t.align?Hi:2==t.align?Fi:M>0?Hi:M<0?Fi:0==r?"center":3==l?Fi:Hi,M||1==r?"middle":2==l?Ui:zi);let q=t.font[1]*t.lineGap,O=g.map(e=>$(s(e,p,h,m))),E=t._values;for(let e=0;e<E.length;e++){let t=E[e];if(null!=t){0==r?n=O[e]:o=O[e],t=""+t;let i=-1==t.indexOf("\n")?[t]:t.split(/\n/gm);for(let e=0;e<i.length;e++){let t=i[e];M?(d.save(),d.translate(n,o+e*q),d.rotate(M),d.fillText(t,0,0),d.restore()):d.fillText(t,n,o+e*q)}}}w.show&&ht(O,w.filter(i,v,e,f,y),r,l,C,S,hl(w.width*ro,3),w.stroke(i,e),w.dash,w.cap);let R=t.grid;R.show&&ht(O,R.filter(i,v,e,f,y),r,0==r?2:1,0==r?he:pe,0==r?$e:me,hl(R.width*ro,3),R.stroke(i,e),R.dash,R.cap),k.show&&ht([C],[1],0==r?1:0,0==r?1:2,1==r?he:pe,1==r?$e:me,hl(k.width*ro,3),k.stroke(i,e),k.dash,k.cap)}yn("drawAxes")},series:function(){if(Ie>0){let e=v.some(e=>e._focus)&&Qe!=Ce.alpha;e&&(d.globalAlpha=Qe=Ce.alpha),v.forEach((e,n)=>{if(n>0&&e.show&&(at(n,!1),at(n,!0),null==e._paths)){let l=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha);let r=2==o?[0,t[n][0].length-1]:function(e){let t=tl(Ue-1,0,Ie-1),n=tl(ze+1,0,Ie-1);for(;null==e[t]&&t>0;)t--;for(;null==e[n]&&n<Ie-1;)n++;return[t,n]}(t[n]);e._paths=e.paths(i,n,r[0],r[1]),Qe!=l&&(d.globalAlpha=Qe=l)}}),v.forEach((e,t)=>{if(t>0&&e.show){let n=Qe;Qe!=e.alpha&&(d.globalAlpha=Qe=e.alpha),null!=e._paths&&ut(t,!1);{let n=null!=e._paths?e._paths.gaps:null,o=e.points.show(i,t,Ue,ze,n),l=e.points.filter(i,t,o,n);(o||l)&&(e.points._paths=e.points.paths(i,t,Ue,ze,l),ut(t,!0))}Qe!=n&&(d.globalAlpha=Qe=n),yn("drawSeries",t)}}),e&&(d.globalAlpha=Qe=1)}}},x=(e.drawOrder||["axes","series"]).map(e=>k[e]);function S(e){const t=3==e.distr?t=>Ko(t>0?t:e.clamp(i,t,e.min,e.max,e.key)):4==e.distr?t=>Xo(t,e.asinh):100==e.distr?t=>e.fwd(t):e=>e;return n=>{let i=t(n),{_min:o,_max:l}=e;return(i-o)/(l-o)}}function T(t){let n=b[t];if(null==n){let i=(e.scales||vl)[t]||vl;if(null!=i.from){T(i.from);let e=Pl({},b[i.from],i,{key:t});e.valToPct=S(e),b[t]=e}else{n=b[t]=Pl({},t==w?Vr:Yr,i),n.key=t;let e=n.time,l=n.range,r=yl(l);if((t!=w||2==o&&!e)&&(!r||null!=l[0]&&null!=l[1]||(l={min:null==l[0]?Eo:{mode:1,hard:l[0],soft:l[0]},max:null==l[1]?Eo:{mode:1,hard:l[1],soft:l[1]}},r=!1),!r&&xl(l))){let e=l;l=(t,n,i)=>null==n?bl:Do(n,i,e)}n.range=il(l||(e?Ps:t==w?3==n.distr?Es:4==n.distr?As:Cs:3==n.distr?Os:4==n.distr?Rs:qs)),n.auto=il(!r&&n.auto),n.clamp=il(n.clamp||Br),n._min=n._max=null,n.valToPct=S(n)}}}T("x"),T("y"),1==o&&v.forEach(e=>{T(e.scale)}),_.forEach(e=>{T(e.scale)});for(let t in e.scales)T(t);const M=b[w],C=M.distr;let P,q;0==M.ori?(ao(u,"u-hz"),P=l,q=r):(ao(u,"u-vt"),P=r,q=l);const O={};for(let e in b){let t=b[e];null==t.min&&null==t.max||(O[e]={min:t.min,max:t.max},t.min=t.max=null)}const E=e.tzDate||(e=>new Date(Fo(e/g))),R=e.fmtDate||Il,A=1==g?sr(E):cr(E),D=fr(E,dr(1==g?rr:ur,R)),j=mr(E,hr("{YYYY}-{MM}-{DD} {h}:{mm}{aa}",R)),L=[],N=i.legend=Pl({},$r,e.legend),W=i.cursor=Pl({},br,{drag:{y:2==o}},e.cursor),I=N.show,U=W.show,z=N.markers;let H,F,G;N.idxs=L,z.width=il(z.width),z.dash=il(z.dash),z.stroke=il(z.stroke),z.fill=il(z.fill);let B,V=[],Y=[],J=!1,K={};if(N.live){const e=v[1]?v[1].values:null;J=null!=e,B=J?e(i,1,0):{_:0};for(let e in B)K[e]=to}if(I)if(H=fo("table","u-legend",u),G=fo("tbody",null,H),N.mount(i,H),J){F=fo("thead",null,H,G);let e=fo("tr",null,F);for(var Z in fo("th",null,e),B)fo("th",Ni,e).textContent=Z}else ao(H,"u-inline"),N.live&&ao(H,"u-live");const X={show:!0},Q={show:!1};const ee=new Map;function te(e,t,n,o=!0){const l=ee.get(t)||{},r=W.bind[e](i,t,n,o);r&&(wo(e,t,l[e]=r),ee.set(t,l))}function ne(e,t,n){const i=ee.get(t)||{};for(let n in i)null!=e&&n!=e||(ko(n,t,i[n]),delete i[n]);null==e&&ee.delete(t)}let ie=0,oe=0,le=0,re=0,se=0,ae=0,ue=se,ce=ae,de=le,fe=re,pe=0,he=0,me=0,$e=0;i.bbox={};let ge=!1,ve=!1,_e=!1,be=!1,ye=!1,we=!1;function ke(e,t,n){(n||e!=i.width||t!=i.height)&&xe(e,t),gt(!1),_e=!0,ve=!0,At()}function xe(e,t){i.width=ie=le=e,i.height=oe=re=t,se=ae=0,function(){let e=!1,t=!1,n=!1,i=!1;_.forEach((o,l)=>{if(o.show&&o._show){let{side:l,_size:r}=o,s=l%2,a=r+(null!=o.label?o.labelSize:0);a>0&&(s?(le-=a,3==l?(se+=a,i=!0):n=!0):(re-=a,0==l?(ae+=a,e=!0):t=!0))}}),je[0]=e,je[1]=n,je[2]=t,je[3]=i,le-=We[1]+We[3],se+=We[3],re-=We[2]+We[0],ae+=We[0]}(),function(){let e=se+le,t=ae+re,n=se,i=ae;function o(o,l){switch(o){case 1:return e+=l,e-l;case 2:return t+=l,t-l;case 3:return n-=l,n+l;case 0:return i-=l,i+l}}_.forEach((e,t)=>{if(e.show&&e._show){let t=e.side;e._pos=o(t,e._size),null!=e.label&&(e._lpos=o(t,e.labelSize))}})}();let n=i.bbox;pe=n.left=dl(se*ro,.5),he=n.top=dl(ae*ro,.5),me=n.width=dl(le*ro,.5),$e=n.height=dl(re*ro,.5)}const Se=3;if(i.setSize=function({width:e,height:t}){ke(e,t)},null==W.dataIdx){let e=W.hover,n=e.skip=new Set(e.skip??[]);n.add(void 0);let i=e.prox=il(e.prox),o=e.bias??=0;W.dataIdx=(e,l,r,s)=>{if(0==l)return r;let a=r,u=i(e,l,r,s)??Qo,c=u>=0&&u<Qo,d=0==M.ori?le:re,f=W.left,p=t[0],h=t[l];if(n.has(h[r])){a=null;let e,t=null,i=null;if(0==o||-1==o)for(e=r;null==t&&e-- >0;)n.has(h[e])||(t=e);if(0==o||1==o)for(e=r;null==i&&e++<h.length;)n.has(h[e])||(i=e);if(null!=t||null!=i)if(c){let e=f-(null==t?-1/0:P(p[t],M,d,0)),n=(null==i?1/0:P(p[i],M,d,0))-f;e<=n?e<=u&&(a=t):n<=u&&(a=i)}else a=null==i?t:null==t?i:r-t<=i-r?t:i}else if(c){zo(f-P(p[r],M,d,0))>u&&(a=null)}return a}}const Te=e=>{W.event=e};W.idxs=L,W._lock=!1;let Me=W.points;Me.show=il(Me.show),Me.size=il(Me.size),Me.stroke=il(Me.stroke),Me.width=il(Me.width),Me.fill=il(Me.fill);const Ce=i.focus=Pl({},e.focus||{alpha:.3},W.focus),Pe=Ce.prox>=0,qe=Pe&&Me.one;let Oe=[],Ee=[],Re=[];function Ae(e,t){let n=Me.show(i,t);if(n instanceof HTMLElement)return ao(n,"u-cursor-pt"),ao(n,e.class),mo(n,-10,-10,le,re),h.insertBefore(n,Oe[t]),n}function De(e,t){if(1==o||t>0){let t=1==o&&b[e.scale].time,n=e.value;e.value=t?kl(n)?mr(E,hr(n,R)):n||j:n||Ir,e.label=e.label||(t?"Time":"Value")}if(qe||t>0){e.width=null==e.width?1:e.width,e.paths=e.paths||xs||rl,e.fillTo=il(e.fillTo||Qr),e.pxAlign=+jo(e.pxAlign,m),e.pxRound=is(e.pxAlign),e.stroke=il(e.stroke||null),e.fill=il(e.fill||null),e._stroke=e._fill=e._paths=e._focus=null;let t=hl((3+2*(Vo(1,e.width)||1))*1,3),n=e.points=Pl({},{size:t,width:Vo(1,.2*t),stroke:e.stroke,space:2*t,paths:Ss,_stroke:null,_fill:null},e.points);n.show=il(n.show),n.filter=il(n.filter),n.fill=il(n.fill),n.stroke=il(n.stroke),n.paths=il(n.paths),n.pxAlign=e.pxAlign}if(I){let n=function(e,t){if(0==t&&(J||!N.live||2==o))return bl;let n=[],l=fo("tr","u-series",G,G.childNodes[t]);ao(l,e.class),e.show||ao(l,Li);let r=fo("th",null,l);if(z.show){let e=po("u-marker",r);if(t>0){let n=z.width(i,t);n&&(e.style.border=n+"px "+z.dash(i,t)+" "+z.stroke(i,t)),e.style.background=z.fill(i,t)}}let s=po(Ni,r);for(var a in e.label instanceof HTMLElement?s.appendChild(e.label):s.textContent=e.label,t>0&&(z.show||(s.style.color=e.width>0?z.stroke(i,t):z.fill(i,t)),te("click",r,t=>{if(W._lock)return;Te(t);let n=v.indexOf(e);if((t.ctrlKey||t.metaKey)!=N.isolate){let e=v.some((e,t)=>t>0&&t!=n&&e.show);v.forEach((t,i)=>{i>0&&Gt(i,e?i==n?X:Q:X,!0,kn.setSeries)})}else Gt(n,{show:!e.show},!0,kn.setSeries)},!1),Pe&&te(Ki,r,t=>{W._lock||(Te(t),Gt(v.indexOf(e),Jt,!0,kn.setSeries))},!1)),B){let e=fo("td","u-value",l);e.textContent="--",n.push(e)}return[l,n]}(e,t);V.splice(t,0,n[0]),Y.splice(t,0,n[1]),N.values.push(null)}if(U){L.splice(t,0,null);let n=null;qe?0==t&&(n=Ae(e,t)):t>0&&(n=Ae(e,t)),Oe.splice(t,0,n),Ee.splice(t,0,0),Re.splice(t,0,0)}yn("addSeries",t)}i.addSeries=function(e,t){t=t??v.length,e=1==o?Ms(e,t,Cr,Gr):Ms(e,t,{},Fr),v.splice(t,0,e),De(v[t],t)},i.delSeries=function(e){if(v.splice(e,1),I){N.values.splice(e,1),Y.splice(e,1);let t=V.splice(e,1)[0];ne(null,t.firstChild),t.remove()}U&&(L.splice(e,1),Oe.splice(e,1)[0].remove(),Ee.splice(e,1),Re.splice(e,1)),yn("delSeries",e)};const je=[!1,!1,!1,!1];function Le(e,t,n,i){let[o,l,r,s]=n,a=t%2,u=0;return 0==a&&(s||l)&&(u=0==t&&!o||2==t&&!r?Fo(Mr.size/3):0),1==a&&(o||r)&&(u=1==t&&!l||3==t&&!s?Fo(Ur.size/2):0),u}const Ne=i.padding=(e.padding||[Le,Le,Le,Le]).map(e=>il(jo(e,Le))),We=i._padding=Ne.map((e,t)=>e(i,t,je,0));let Ie,Ue=null,ze=null;const He=1==o?v[0].idxs:null;let Fe,Ge,Be,Ve,Ye,Je,Ke,Ze,Xe,Qe,et=null,tt=!1;function nt(e,n){if(t=e??[],i.data=i._data=t,2==o){Ie=0;for(let e=1;e<v.length;e++)Ie+=t[e][0].length}else{0==t.length&&(i.data=i._data=t=[[]]),et=t[0],Ie=et.length;let e=t;if(2==C){e=t.slice();let n=e[0]=Array(Ie);for(let e=0;e<Ie;e++)n[e]=e}i._data=t=e}if(gt(!0),yn("setData"),2==C&&(_e=!0),!1!==n){let e=M;e.auto(i,tt)?it():Ft(w,e.min,e.max),be=be||W.left>=0,we=!0,At()}}function it(){let e,n;tt=!0,1==o&&(Ie>0?(Ue=He[0]=0,ze=He[1]=Ie-1,e=t[0][Ue],n=t[0][ze],2==C?(e=Ue,n=ze):e==n&&(3==C?[e,n]=qo(e,e,M.log,!1):4==C?[e,n]=Oo(e,e,M.log,!1):M.time?n=e+Fo(86400/g):[e,n]=Do(e,n,.1,!0))):(Ue=He[0]=e=null,ze=He[1]=n=null)),Ft(w,e,n)}function ot(e,t,n,i,o,l){e??=Bi,n??=_l,i??="butt",o??=Bi,l??="round",e!=Fe&&(d.strokeStyle=Fe=e),o!=Ge&&(d.fillStyle=Ge=o),t!=Be&&(d.lineWidth=Be=t),l!=Ye&&(d.lineJoin=Ye=l),i!=Je&&(d.lineCap=Je=i),n!=Ve&&d.setLineDash(Ve=n)}function lt(e,t,n,i){t!=Ge&&(d.fillStyle=Ge=t),e!=Ke&&(d.font=Ke=e),n!=Ze&&(d.textAlign=Ze=n),i!=Xe&&(d.textBaseline=Xe=i)}function rt(e,t,n,o,l=0){if(o.length>0&&e.auto(i,tt)&&(null==t||null==t.min)){let t=jo(Ue,0),i=jo(ze,o.length-1),r=null==n.min?function(e,t,n,i=0,o=!1){let l=o?Po:Co,r=o?Mo:To;[t,n]=l(e,t,n);let s=e[t],a=e[t];if(t>-1)if(1==i)s=e[t],a=e[n];else if(-1==i)s=e[n],a=e[t];else for(let i=t;i<=n;i++){let t=e[i];r(t)&&(t<s?s=t:t>a&&(a=t))}return[s??Qo,a??-Qo]}(o,t,i,l,3==e.distr):[n.min,n.max];e.min=Bo(e.min,n.min=r[0]),e.max=Vo(e.max,n.max=r[1])}}i.setData=nt;const st={min:null,max:null};function at(e,t){let n=t?v[e].points:v[e];n._stroke=n.stroke(i,e),n._fill=n.fill(i,e)}function ut(e,n){let o=n?v[e].points:v[e],{stroke:l,fill:r,clip:s,flags:a,_stroke:u=o._stroke,_fill:c=o._fill,_width:f=o.width}=o._paths;f=hl(f*ro,3);let p=null,h=f%2/2;n&&null==c&&(c=f>0?"#fff":u);let m=1==o.pxAlign&&h>0;if(m&&d.translate(h,h),!n){let e=pe-f/2,t=he-f/2,n=me+f,i=$e+f;p=new Path2D,p.rect(e,t,n,i)}n?dt(u,f,o.dash,o.cap,c,l,r,a,s):function(e,n,o,l,r,s,a,u,c,d,f){let p=!1;0!=c&&y.forEach((h,m)=>{if(h.series[0]==e){let e,$=v[h.series[1]],g=t[h.series[1]],_=($._paths||vl).band;yl(_)&&(_=1==h.dir?_[0]:_[1]);let b=null;$.show&&_&&function(e,t,n){for(t=jo(t,0),n=jo(n,e.length-1);t<=n;){if(null!=e[t])return!0;t++}return!1}(g,Ue,ze)?(b=h.fill(i,m)||s,e=$._paths.clip):_=null,dt(n,o,l,r,b,a,u,c,d,f,e,_),p=!0}}),p||dt(n,o,l,r,s,a,u,c,d,f)}(e,u,f,o.dash,o.cap,c,l,r,a,p,s),m&&d.translate(-h,-h)}const ct=3;function dt(e,t,n,i,o,l,r,s,a,u,c,f){ot(e,t,n,i,o),(a||u||f)&&(d.save(),a&&d.clip(a),u&&d.clip(u)),f?(s&ct)==ct?(d.clip(f),c&&d.clip(c),pt(o,r),ft(e,l,t)):2&s?(pt(o,r),d.clip(f),ft(e,l,t)):1&s&&(d.save(),d.clip(f),c&&d.clip(c),pt(o,r),d.restore(),ft(e,l,t)):(pt(o,r),ft(e,l,t)),(a||u||f)&&d.restore()}function ft(e,t,n){n>0&&(t instanceof Map?t.forEach((e,t)=>{d.strokeStyle=Fe=t,d.stroke(e)}):null!=t&&e&&d.stroke(t))}function pt(e,t){t instanceof Map?t.forEach((e,t)=>{d.fillStyle=Ge=t,d.fill(e)}):null!=t&&e&&d.fill(t)}function ht(e,t,n,i,o,l,r,s,a,u){let c=r%2/2;1==m&&d.translate(c,c),ot(s,r,a,u,s),d.beginPath();let f,p,h,$,g=o+(0==i||3==i?-l:l);0==n?(p=o,$=g):(f=o,h=g);for(let i=0;i<e.length;i++)null!=t[i]&&(0==n?f=h=e[i]:p=$=e[i],d.moveTo(f,p),d.lineTo(h,$));d.stroke(),1==m&&d.translate(-c,-c)}function mt(e){let t=!0;return _.forEach((n,o)=>{if(!n.show)return;let l=b[n.scale];if(null==l.min)return void(n._show&&(t=!1,n._show=!1,gt(!1)));n._show||(t=!1,n._show=!0,gt(!1));let r=n.side,s=r%2,{min:a,max:u}=l,[c,d]=function(e,t,n,o){let l,r=_[e];if(o<=0)l=[0,0];else{let s=r._space=r.space(i,e,t,n,o);l=Ds(t,n,r._incrs=r.incrs(i,e,t,n,o,s),o,s)}return r._found=l}(o,a,u,0==s?le:re);if(0==d)return;let f=2==l.distr,p=n._splits=n.splits(i,o,a,u,c,d,f),h=2==l.distr?p.map(e=>et[e]):p,m=2==l.distr?et[p[1]]-et[p[0]]:c,$=n._values=n.values(i,n.filter(i,h,o,d,m),o,d,m);n._rotate=2==r?n.rotate(i,$,o,d):0;let g=n._size;n._size=Go(n.size(i,$,o,e)),null!=g&&n._size!=g&&(t=!1)}),t}function $t(e){let t=!0;return Ne.forEach((n,o)=>{let l=n(i,o,je,e);l!=We[o]&&(t=!1),We[o]=l}),t}function gt(e){v.forEach((t,n)=>{n>0&&(t._paths=null,e&&(1==o?(t.min=null,t.max=null):t.facets.forEach(e=>{e.min=null,e.max=null})))})}let vt,_t,bt,yt,wt,kt,xt,St,Tt,Mt,Ct,Pt,qt=!1,Ot=!1,Et=[];function Rt(){Ot=!1;for(let e=0;e<Et.length;e++)yn(...Et[e]);Et.length=0}function At(){qt||(Ol(Dt),qt=!0)}function Dt(){if(ge&&(!function(){for(let e in b){let t=b[e];null==O[e]&&(null==t.min||null!=O[w]&&t.auto(i,tt))&&(O[e]=st)}for(let e in b){let t=b[e];null==O[e]&&null!=t.from&&null!=O[t.from]&&(O[e]=st)}null!=O[w]&&gt(!0);let e={};for(let t in O){let n=O[t];if(null!=n){let l=e[t]=Cl(b[t],Sl);if(null!=n.min)Pl(l,n);else if(t!=w||2==o)if(0==Ie&&null==l.from){let e=l.range(i,null,null,t);l.min=e[0],l.max=e[1]}else l.min=Qo,l.max=-Qo}}if(Ie>0){v.forEach((n,l)=>{if(1==o){let o=n.scale,r=O[o];if(null==r)return;let s=e[o];if(0==l){let e=s.range(i,s.min,s.max,o);s.min=e[0],s.max=e[1],Ue=xo(s.min,t[0]),ze=xo(s.max,t[0]),ze-Ue>1&&(t[0][Ue]<s.min&&Ue++,t[0][ze]>s.max&&ze--),n.min=et[Ue],n.max=et[ze]}else n.show&&n.auto&&rt(s,r,n,t[l],n.sorted);n.idxs[0]=Ue,n.idxs[1]=ze}else if(l>0&&n.show&&n.auto){let[i,o]=n.facets,r=i.scale,s=o.scale,[a,u]=t[l],c=e[r],d=e[s];null!=c&&rt(c,O[r],i,a,i.sorted),null!=d&&rt(d,O[s],o,u,o.sorted),n.min=o.min,n.max=o.max}});for(let t in e){let n=e[t],o=O[t];if(null==n.from&&(null==o||null==o.min)){let e=n.range(i,n.min==Qo?null:n.min,n.max==-Qo?null:n.max,t);n.min=e[0],n.max=e[1]}}}for(let t in e){let n=e[t];if(null!=n.from){let o=e[n.from];if(null==o.min)n.min=n.max=null;else{let e=n.range(i,o.min,o.max,t);n.min=e[0],n.max=e[1]}}}let n={},l=!1;for(let t in e){let i=e[t],o=b[t];if(o.min!=i.min||o.max!=i.max){o.min=i.min,o.max=i.max;let e=o.distr;o._min=3==e?Ko(o.min):4==e?Xo(o.min,o.asinh):100==e?o.fwd(o.min):o.min,o._max=3==e?Ko(o.max):4==e?Xo(o.max,o.asinh):100==e?o.fwd(o.max):o.max,n[t]=l=!0}}if(l){v.forEach((e,t)=>{2==o?t>0&&n.y&&(e._paths=null):n[e.scale]&&(e._paths=null)});for(let e in n)_e=!0,yn("setScale",e);U&&W.left>=0&&(be=we=!0)}for(let e in O)O[e]=null}(),ge=!1),_e&&(!function(){let e=!1,t=0;for(;!e;){t++;let n=mt(t),o=$t(t);e=t==Se||n&&o,e||(xe(i.width,i.height),ve=!0)}}(),_e=!1),ve){if(co(p,Hi,se),co(p,Ui,ae),co(p,Wi,le),co(p,Ii,re),co(h,Hi,se),co(h,Ui,ae),co(h,Wi,le),co(h,Ii,re),co(f,Wi,ie),co(f,Ii,oe),c.width=Fo(ie*ro),c.height=Fo(oe*ro),_.forEach(({_el:e,_show:t,_size:n,_pos:i,side:o})=>{if(null!=e)if(t){let t=o%2==1;co(e,t?"left":"top",i-(3===o||0===o?n:0)),co(e,t?"width":"height",n),co(e,t?"top":"left",t?ae:se),co(e,t?"height":"width",t?re:le),uo(e,Li)}else ao(e,Li)}),Fe=Ge=Be=Ye=Je=Ke=Ze=Xe=Ve=null,Qe=1,rn(!0),se!=ue||ae!=ce||le!=de||re!=fe){gt(!1);let e=le/de,t=re/fe;if(U&&!be&&W.left>=0){W.left*=e,W.top*=t,bt&&mo(bt,Fo(W.left),0,le,re),yt&&mo(yt,0,Fo(W.top),le,re);for(let n=0;n<Oe.length;n++){let i=Oe[n];null!=i&&(Ee[n]*=e,Re[n]*=t,mo(i,Go(Ee[n]),Go(Re[n]),le,re))}}if(Ut.show&&!ye&&Ut.left>=0&&Ut.width>0){Ut.left*=e,Ut.width*=e,Ut.top*=t,Ut.height*=t;for(let e in un)co(zt,e,Ut[e])}ue=se,ce=ae,de=le,fe=re}yn("setSize"),ve=!1}ie>0&&oe>0&&(d.clearRect(0,0,c.width,c.height),yn("drawClear"),x.forEach(e=>e()),yn("draw")),Ut.show&&ye&&(Ht(Ut),ye=!1),U&&be&&(on(null,!0,!1),be=!1),N.show&&N.live&&we&&(tn(),we=!1),a||(a=!0,i.status=1,yn("ready")),tt=!1,qt=!1}function jt(e,n){let o=b[e];if(null==o.from){if(0==Ie){let t=o.range(i,n.min,n.max,e);n.min=t[0],n.max=t[1]}if(n.min>n.max){let e=n.min;n.min=n.max,n.max=e}if(Ie>1&&null!=n.min&&null!=n.max&&n.max-n.min<1e-16)return;e==w&&2==o.distr&&Ie>0&&(n.min=xo(n.min,t[0]),n.max=xo(n.max,t[0]),n.min==n.max&&n.max++),O[e]=n,ge=!0,At()}}i.batch=function(e,t=!1){qt=!0,Ot=t,e(i),Dt(),t&&Et.length>0&&queueMicrotask(Rt)},i.redraw=(e,t)=>{_e=t||!1,!1!==e?Ft(w,M.min,M.max):At()},i.setScale=jt;let Lt=!1;const Nt=W.drag;let Wt=Nt.x,It=Nt.y;U&&(W.x&&(vt=po("u-cursor-x",h)),W.y&&(_t=po("u-cursor-y",h)),0==M.ori?(bt=vt,yt=_t):(bt=_t,yt=vt),Ct=W.left,Pt=W.top);const Ut=i.select=Pl({show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),zt=Ut.show?po("u-select",Ut.over?h:p):null;function Ht(e,t){if(Ut.show){for(let t in e)Ut[t]=e[t],t in un&&co(zt,t,e[t]);!1!==t&&yn("setSelect")}}function Ft(e,t,n){jt(e,{min:t,max:n})}function Gt(e,t,n,l){null!=t.focus&&function(e){if(e!=Yt){let t=null==e,n=1!=Ce.alpha;v.forEach((i,l)=>{if(1==o||l>0){let o=t||0==l||l==e;i._focus=t?null:o,n&&function(e,t){v[e].alpha=t,U&&null!=Oe[e]&&(Oe[e].style.opacity=t);I&&V[e]&&(V[e].style.opacity=t)}(l,o?1:Ce.alpha)}}),Yt=e,n&&At()}}(e),null!=t.show&&v.forEach((n,i)=>{i>0&&(e==i||null==e)&&(n.show=t.show,function(e){if(v[e].show)I&&uo(V[e],Li);else if(I&&ao(V[e],Li),U){let t=qe?Oe[0]:Oe[e];null!=t&&mo(t,-10,-10,le,re)}}(i),2==o?(Ft(n.facets[0].scale,null,null),Ft(n.facets[1].scale,null,null)):Ft(n.scale,null,null),At())}),!1!==n&&yn("setSeries",e,t),l&&Tn("setSeries",i,e,t)}let Bt,Vt,Yt;i.setSelect=Ht,i.setSeries=Gt,i.addBand=function(e,t){e.fill=il(e.fill||null),e.dir=jo(e.dir,-1),t=t??y.length,y.splice(t,0,e)},i.setBand=function(e,t){Pl(y[e],t)},i.delBand=function(e){null==e?y.length=0:y.splice(e,1)};const Jt={focus:!0};function Kt(e,t,n){let i=b[t];n&&(e=e/ro-(1==i.ori?ae:se));let o=le;1==i.ori&&(o=re,e=o-e),-1==i.dir&&(e=o-e);let l=i._min,r=l+(i._max-l)*(e/o),s=i.distr;return 3==s?Yo(10,r):4==s?((e,t=1)=>Io.sinh(e)*t)(r,i.asinh):100==s?i.bwd(r):r}function Zt(e,t){co(zt,Hi,Ut.left=e),co(zt,Wi,Ut.width=t)}function Xt(e,t){co(zt,Ui,Ut.top=e),co(zt,Ii,Ut.height=t)}I&&Pe&&te(Zi,H,e=>{W._lock||(Te(e),null!=Yt&&Gt(null,Jt,!0,kn.setSeries))}),i.valToIdx=e=>xo(e,t[0]),i.posToIdx=function(e,n){return xo(Kt(e,w,n),t[0],Ue,ze)},i.posToVal=Kt,i.valToPos=(e,t,n)=>0==b[t].ori?l(e,b[t],n?me:le,n?pe:0):r(e,b[t],n?$e:re,n?he:0),i.setCursor=(e,t,n)=>{Ct=e.left,Pt=e.top,on(null,t,n)};let Qt=0==M.ori?Zt:Xt,en=1==M.ori?Zt:Xt;function tn(e,t){if(null!=e&&(e.idxs?e.idxs.forEach((e,t)=>{L[t]=e}):(e=>void 0===e)(e.idx)||L.fill(e.idx),N.idx=L[0]),I&&N.live){for(let e=0;e<v.length;e++)(e>0||1==o&&!J)&&nn(e,L[e]);!function(){if(I&&N.live)for(let e=2==o?1:0;e<v.length;e++){if(0==e&&J)continue;let t=N.values[e],n=0;for(let i in t)Y[e][n++].firstChild.nodeValue=t[i]}}()}we=!1,!1!==t&&yn("setLegend")}function nn(e,n){let o,l=v[e],r=0==e&&2==C?et:t[e];J?o=l.values(i,e,n)??K:(o=l.value(i,null==n?null:r[n],e,n),o=null==o?K:{_:o}),N.values[e]=o}function on(e,n,l){let r;Tt=Ct,Mt=Pt,[Ct,Pt]=W.move(i,Ct,Pt),W.left=Ct,W.top=Pt,U&&(bt&&mo(bt,Fo(Ct),0,le,re),yt&&mo(yt,0,Fo(Pt),le,re));let s=Ue>ze;Bt=Qo,Vt=null;let a=0==M.ori?le:re,u=1==M.ori?le:re;if(Ct<0||0==Ie||s){r=W.idx=null;for(let e=0;e<v.length;e++){let t=Oe[e];null!=t&&mo(t,-10,-10,le,re)}Pe&&Gt(null,Jt,!0,null==e&&kn.setSeries),N.live&&(L.fill(r),we=!0)}else{let e,n,l;1==o&&(e=0==M.ori?Ct:Pt,n=Kt(e,w),r=W.idx=xo(n,t[0],Ue,ze),l=P(t[0][r],M,a,0));let s=-10,c=-10,d=0,f=0,p=!0,h="",m="";for(let e=2==o?1:0;e<v.length;e++){let $=v[e],g=L[e],_=null==g?null:1==o?t[e][g]:t[e][1][g],y=W.dataIdx(i,e,r,n),w=null==y?null:1==o?t[e][y]:t[e][1][y];if(we=we||w!=_||y!=g,L[e]=y,e>0&&$.show){let n=null==y?-10:y==r?l:P(1==o?t[0][y]:t[e][0][y],M,a,0),g=null==w?-10:q(w,1==o?b[$.scale]:b[$.facets[1].scale],u,0);if(Pe&&null!=w){let t=1==M.ori?Ct:Pt,n=zo(Ce.dist(i,e,y,g,t));if(n<Bt){let i=Ce.bias;if(0!=i){let o=Kt(t,$.scale),l=o>=0?1:-1;l==(w>=0?1:-1)&&(1==l?1==i?w>=o:w<=o:1==i?w<=o:w>=o)&&(Bt=n,Vt=e)}else Bt=n,Vt=e}}if(we||qe){let t,o;0==M.ori?(t=n,o=g):(t=g,o=n);let l,r,a,u,$,v,_=!0,b=Me.bbox;if(null!=b){_=!1;let t=b(i,e);a=t.left,u=t.top,l=t.width,r=t.height}else a=t,u=o,l=r=Me.size(i,e);if(v=Me.fill(i,e),$=Me.stroke(i,e),qe)e==Vt&&Bt<=Ce.prox&&(s=a,c=u,d=l,f=r,p=_,h=v,m=$);else{let t=Oe[e];null!=t&&(Ee[e]=a,Re[e]=u,_o(t,l,r,_),go(t,v,$),mo(t,Go(a),Go(u),le,re))}}}}if(qe){let e=Ce.prox;if(we||(null==Yt?Bt<=e:Bt>e||Vt!=Yt)){let e=Oe[0];null!=e&&(Ee[0]=s,Re[0]=c,_o(e,d,f,p),go(e,h,m),mo(e,Go(s),Go(c),le,re))}}}if(Ut.show&&Lt)if(null!=e){let[t,n]=kn.scales,[i,o]=kn.match,[l,r]=e.cursor.sync.scales,s=e.cursor.drag;if(Wt=s._x,It=s._y,Wt||It){let s,c,d,f,p,{left:h,top:m,width:$,height:g}=e.select,v=e.scales[l].ori,_=e.posToVal,y=null!=t&&i(t,l),w=null!=n&&o(n,r);y&&Wt?(0==v?(s=h,c=$):(s=m,c=g),d=b[t],f=P(_(s,l),d,a,0),p=P(_(s+c,l),d,a,0),Qt(Bo(f,p),zo(p-f))):Qt(0,a),w&&It?(1==v?(s=h,c=$):(s=m,c=g),d=b[n],f=q(_(s,r),d,u,0),p=q(_(s+c,r),d,u,0),en(Bo(f,p),zo(p-f))):en(0,u)}else cn()}else{let e=zo(Tt-wt),t=zo(Mt-kt);if(1==M.ori){let n=e;e=t,t=n}Wt=Nt.x&&e>=Nt.dist,It=Nt.y&&t>=Nt.dist;let n,i,o=Nt.uni;null!=o?Wt&&It&&(Wt=e>=o,It=t>=o,Wt||It||(t>e?It=!0:Wt=!0)):Nt.x&&Nt.y&&(Wt||It)&&(Wt=It=!0),Wt&&(0==M.ori?(n=xt,i=Ct):(n=St,i=Pt),Qt(Bo(n,i),zo(i-n)),It||en(0,u)),It&&(1==M.ori?(n=xt,i=Ct):(n=St,i=Pt),en(Bo(n,i),zo(i-n)),Wt||Qt(0,a)),Wt||It||(Qt(0,0),en(0,0))}if(Nt._x=Wt,Nt._y=It,null==e){if(l){if(null!=xn){let[e,t]=kn.scales;kn.values[0]=null!=e?Kt(0==M.ori?Ct:Pt,e):null,kn.values[1]=null!=t?Kt(1==M.ori?Ct:Pt,t):null}Tn(Vi,i,Ct,Pt,le,re,r)}if(Pe){let e=l&&kn.setSeries,t=Ce.prox;null==Yt?Bt<=t&&Gt(Vt,Jt,!0,e):Bt>t?Gt(null,Jt,!0,e):Vt!=Yt&&Gt(Vt,Jt,!0,e)}}we&&(N.idx=r,tn()),!1!==n&&yn("setCursor")}i.setLegend=tn;let ln=null;function rn(e=!1){e?ln=null:(ln=h.getBoundingClientRect(),yn("syncRect",ln))}function sn(e,t,n,i,o,l,r){W._lock||Lt&&null!=e&&0==e.movementX&&0==e.movementY||(an(e,t,n,i,o,l,r,!1,null!=e),null!=e?on(null,!0,!0):on(t,!0,!1))}function an(e,t,n,o,l,r,a,u,c){if(null==ln&&rn(!1),Te(e),null!=e)n=e.clientX-ln.left,o=e.clientY-ln.top;else{if(n<0||o<0)return Ct=-10,void(Pt=-10);let[e,i]=kn.scales,a=t.cursor.sync,[u,c]=a.values,[d,f]=a.scales,[p,h]=kn.match,m=t.axes[0].side%2==1,$=0==M.ori?le:re,g=1==M.ori?le:re,v=m?r:l,_=m?l:r,y=m?o:n,w=m?n:o;if(n=null!=d?p(e,d)?s(u,b[e],$,0):-10:$*(y/v),o=null!=f?h(i,f)?s(c,b[i],g,0):-10:g*(w/_),1==M.ori){let e=n;n=o,o=e}}!c||null!=t&&t.cursor.event.type!=Vi||((n<=1||n>=le-1)&&(n=dl(n,le)),(o<=1||o>=re-1)&&(o=dl(o,re))),u?(wt=n,kt=o,[xt,St]=W.move(i,n,o)):(Ct=n,Pt=o)}Object.defineProperty(i,"rect",{get:()=>(null==ln&&rn(!1),ln)});const un={width:0,height:0,left:0,top:0};function cn(){Ht(un,!1)}let dn,fn,pn,hn;function mn(e,t,n,o,l,r,s){Lt=!0,Wt=It=Nt._x=Nt._y=!1,an(e,t,n,o,l,r,0,!0,!1),null!=e&&(te(Ji,io,$n,!1),Tn(Yi,i,xt,St,le,re,null));let{left:a,top:u,width:c,height:d}=Ut;dn=a,fn=u,pn=c,hn=d}function $n(e,t,n,o,l,r,s){Lt=Nt._x=Nt._y=!1,an(e,t,n,o,l,r,0,!1,!0);let{left:a,top:u,width:c,height:d}=Ut,f=c>0||d>0,p=dn!=a||fn!=u||pn!=c||hn!=d;if(f&&p&&Ht(Ut),Nt.setScale&&f&&p){let e=a,t=c,n=u,i=d;if(1==M.ori&&(e=u,t=d,n=a,i=c),Wt&&Ft(w,Kt(e,w),Kt(e+t,w)),It)for(let e in b){let t=b[e];e!=w&&null==t.from&&t.min!=Qo&&Ft(e,Kt(n+i,e),Kt(n,e))}cn()}else W.lock&&(W._lock=!W._lock,on(t,!0,null!=e));null!=e&&(ne(Ji,io),Tn(Ji,i,Ct,Pt,le,re,null))}function gn(e,t,n,o,l,r,s){W._lock||(Te(e),it(),cn(),null!=e&&Tn(Xi,i,Ct,Pt,le,re,null))}function vn(){_.forEach(Ls),ke(i.width,i.height,!0)}wo(eo,oo,vn);const _n={};_n.mousedown=mn,_n.mousemove=sn,_n.mouseup=$n,_n.dblclick=gn,_n.setSeries=(e,t,n,o)=>{-1!=(n=(0,kn.match[2])(i,t,n))&&Gt(n,o,!0,!1)},U&&(te(Yi,h,mn),te(Vi,h,sn),te(Ki,h,e=>{Te(e),rn(!1)}),te(Zi,h,function(e,t,n,i,o,l,r){if(W._lock)return;Te(e);let s=Lt;if(Lt){let e,t,n=!0,i=!0,o=10;0==M.ori?(e=Wt,t=It):(e=It,t=Wt),e&&t&&(n=Ct<=o||Ct>=le-o,i=Pt<=o||Pt>=re-o),e&&n&&(Ct=Ct<xt?0:le),t&&i&&(Pt=Pt<St?0:re),on(null,!0,!0),Lt=!1}Ct=-10,Pt=-10,L.fill(null),on(null,!0,!0),s&&(Lt=s)}),te(Xi,h,gn),ws.add(i),i.syncRect=rn);const bn=i.hooks=e.hooks||{};function yn(e,t,n){Ot?Et.push([e,t,n]):e in bn&&bn[e].forEach(e=>{e.call(null,i,t,n)})}(e.plugins||[]).forEach(e=>{for(let t in e.hooks)bn[t]=(bn[t]||[]).concat(e.hooks[t])});const wn=(e,t,n)=>n,kn=Pl({key:null,setSeries:!1,filters:{pub:sl,sub:sl},scales:[w,v[1]?v[1].scale:null],match:[al,al,wn],values:[null,null]},W.sync);2==kn.match.length&&kn.match.push(wn),W.sync=kn;const xn=kn.key,Sn=Kr(xn);function Tn(e,t,n,i,o,l,r){kn.filters.pub(e,t,n,i,o,l,r)&&Sn.pub(e,t,n,i,o,l,r)}function Mn(){yn("init",e,t),nt(t||e.data,!1),O[w]?jt(w,O[w]):it(),ye=Ut.show&&(Ut.width>0||Ut.height>0),be=we=!0,ke(e.width,e.height)}return Sn.sub(i),i.pub=function(e,t,n,i,o,l,r){kn.filters.sub(e,t,n,i,o,l,r)&&_n[e](null,t,n,i,o,l,r)},i.destroy=function(){Sn.unsub(i),ws.delete(i),ee.clear(),ko(eo,oo,vn),u.remove(),H?.remove(),yn("destroy")},v.forEach(De),_.forEach(function(e,t){if(e._show=e.show,e.show){let n=e.side%2,o=b[e.scale];null==o&&(e.scale=n?v[1].scale:w,o=b[e.scale]);let l=o.time;e.size=il(e.size),e.space=il(e.space),e.rotate=il(e.rotate),yl(e.incrs)&&e.incrs.forEach(e=>{!ml.has(e)&&ml.set(e,$l(e))}),e.incrs=il(e.incrs||(2==o.distr?Bl:l?1==g?lr:ar:Vl)),e.splits=il(e.splits||(l&&1==o.distr?A:3==o.distr?Or:4==o.distr?Er:qr)),e.stroke=il(e.stroke),e.grid.stroke=il(e.grid.stroke),e.ticks.stroke=il(e.ticks.stroke),e.border.stroke=il(e.border.stroke);let r=e.values;e.values=yl(r)&&!yl(r[0])?il(r):l?yl(r)?fr(E,dr(r,R)):kl(r)?function(e,t){let n=Il(t);return(t,i,o,l,r)=>i.map(t=>n(e(t)))}(E,r):r||D:r||Pr,e.filter=il(e.filter||(o.distr>=3&&10==o.log?Nr:3==o.distr&&2==o.log?Wr:ll)),e.font=js(e.font),e.labelFont=js(e.labelFont),e._size=e.size(i,null,t,0),e._space=e._rotate=e._incrs=e._found=e._splits=e._values=null,e._size>0&&(je[t]=!0,e._el=po("u-axis",f))}}),n?n instanceof HTMLElement?(n.appendChild(u),Mn()):n(i,Mn):Mn(),i}Ns.assign=Pl,Ns.fmtNum=Wo,Ns.rangeNum=Do,Ns.rangeLog=qo,Ns.rangeAsinh=Oo,Ns.orient=Zr,Ns.pxRatio=ro,Ns.join=function(e,t){if(function(e){let t=e[0][0],n=t.length;for(let i=1;i<e.length;i++){let o=e[i][0];if(o.length!=n)return!1;if(o!=t)for(let e=0;e<n;e++)if(o[e]!=t[e])return!1}return!0}(e)){let t=e[0].slice();for(let n=1;n<e.length;n++)t.push(...e[n].slice(1));return function(e,t=100){const n=e.length;if(n<=1)return!0;let i=0,o=n-1;for(;i<=o&&null==e[i];)i++;for(;o>=i&&null==e[o];)o--;if(o<=i)return!0;const l=Vo(1,Ho((o-i+1)/t));for(let t=e[i],n=i+l;n<=o;n+=l){const i=e[n];if(null!=i){if(i<=t)return!1;t=i}}return!0}(t[0])||(t=function(e){let t=e[0],n=t.length,i=Array(n);for(let e=0;e<i.length;e++)i[e]=e;i.sort((e,n)=>t[e]-t[n]);let o=[];for(let t=0;t<e.length;t++){let l=e[t],r=Array(n);for(let e=0;e<n;e++)r[e]=l[i[e]];o.push(r)}return o}(t)),t}let n=new Set;for(let t=0;t<e.length;t++){let i=e[t][0],o=i.length;for(let e=0;e<o;e++)n.add(i[e])}let i=[Array.from(n).sort((e,t)=>e-t)],o=i[0].length,l=new Map;for(let e=0;e<o;e++)l.set(i[0][e],e);for(let n=0;n<e.length;n++){let r=e[n],s=r[0];for(let e=1;e<r.length;e++){let a=r[e],u=Array(o).fill(void 0),c=t?t[n][e]:1,d=[];for(let e=0;e<a.length;e++){let t=a[e],n=l.get(s[e]);null===t?0!=c&&(u[n]=t,2==c&&d.push(n)):u[n]=t}ql(u,d,o),i.push(u)}}return i},Ns.fmtDate=Il,Ns.tzDate=function(e,t){let n;return"UTC"==t||"Etc/UTC"==t?n=new Date(+e+6e4*e.getTimezoneOffset()):t==Ul?n=e:(n=new Date(e.toLocaleString("en-US",{timeZone:t})),n.setMilliseconds(e.getMilliseconds())),n},Ns.sync=Kr;{Ns.addGap=function(e,t,n){let i=e[e.length-1];i&&i[0]==t?i[1]=n:e.push([t,n])},Ns.clipGaps=ts;let e=Ns.paths={points:ms};e.linear=_s,e.stepped=function(e){const t=jo(e.align,1),n=jo(e.ascDesc,!1),i=jo(e.alignGaps,0),o=jo(e.extend,!1);return(e,l,r,s)=>Zr(e,l,(a,u,c,d,f,p,h,m,$,g,v)=>{[r,s]=Co(c,r,s);let _=a.pxRound,{left:b,width:y}=e.bbox,w=e=>_(p(e,d,g,m)),k=e=>_(h(e,f,v,$)),x=0==d.ori?ss:as;const S={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},T=S.stroke,M=d.dir*(0==d.ori?1:-1);let C=k(c[1==M?r:s]),P=w(u[1==M?r:s]),q=P,O=P;o&&-1==t&&(O=b,x(T,O,C)),x(T,P,C);for(let e=1==M?r:s;e>=r&&e<=s;e+=M){let n=c[e];if(null==n)continue;let i=w(u[e]),o=k(n);1==t?x(T,i,C):x(T,q,o),x(T,i,o),C=o,q=i}let E=q;o&&1==t&&(E=b+y,x(T,E,C));let[R,A]=Xr(e,l);if(null!=a.fill||0!=R){let t=S.fill=new Path2D(T),n=k(a.fillTo(e,l,a.min,a.max,R));x(t,E,n),x(t,O,n)}if(!a.spanGaps){let o=[];o.push(...ns(u,c,r,s,M,w,i));let f=a.width*ro/2,p=n||1==t?f:-f,h=n||-1==t?-f:f;o.forEach(e=>{e[0]+=p,e[1]+=h}),S.gaps=o=a.gaps(e,l,r,s,o),S.clip=ts(o,d.ori,m,$,g,v)}return 0!=A&&(S.band=2==A?[es(e,l,r,s,T,-1),es(e,l,r,s,T,1)]:es(e,l,r,s,T,A)),S})},e.bars=function(e){const t=jo((e=e||vl).size,[.6,Qo,1]),n=e.align||0,i=e.gap||0;let o=e.radius;o=null==o?[0,0]:"number"==typeof o?[o,0]:o;const l=il(o),r=1-t[0],s=jo(t[1],Qo),a=jo(t[2],1),u=jo(e.disp,vl),c=jo(e.each,e=>{}),{fill:d,stroke:f}=u;return(e,t,o,p)=>Zr(e,t,(h,m,$,g,v,_,b,y,w,k,x)=>{let S,T,M=h.pxRound,C=n,P=i*ro,q=s*ro,O=a*ro;0==g.ori?[S,T]=l(e,t):[T,S]=l(e,t);const E=g.dir*(0==g.ori?1:-1);let R,A,D,j=0==g.ori?us:cs,L=0==g.ori?c:(e,t,n,i,o,l,r)=>{c(e,t,n,o,i,r,l)},N=jo(e.bands,_l).find(e=>e.series[0]==t),W=null!=N?N.dir:0,I=h.fillTo(e,t,h.min,h.max,W),U=M(b(I,v,x,w)),z=k,H=M(h.width*ro),F=!1,G=null,B=null,V=null,Y=null;null==d||0!=H&&null==f||(F=!0,G=d.values(e,t,o,p),B=new Map,new Set(G).forEach(e=>{null!=e&&B.set(e,new Path2D)}),H>0&&(V=f.values(e,t,o,p),Y=new Map,new Set(V).forEach(e=>{null!=e&&Y.set(e,new Path2D)})));let{x0:J,size:K}=u;if(null!=J&&null!=K){C=1,m=J.values(e,t,o,p),2==J.unit&&(m=m.map(t=>e.posToVal(y+t*k,g.key,!0)));let n=K.values(e,t,o,p);A=2==K.unit?n[0]*k:_(n[0],g,k,y)-_(0,g,k,y),z=bs(m,$,_,g,k,y,z),D=z-A+P}else z=bs(m,$,_,g,k,y,z),D=z*r+P,A=z-D;D<1&&(D=0),H>=A/2&&(H=0),D<5&&(M=ol);let Z=D>0;A=M(tl(z-D-(Z?H:0),O,q)),R=(0==C?A/2:C==E?0:A)-C*E*((0==C?P/2:0)+(Z?H/2:0));const X={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},Q=F?null:new Path2D;let ee=null;if(null!=N)ee=e.data[N.series[1]];else{let{y0:n,y1:i}=u;null!=n&&null!=i&&($=i.values(e,t,o,p),ee=n.values(e,t,o,p))}let te=S*A,ne=T*A;for(let n=1==E?o:p;n>=o&&n<=p;n+=E){let i=$[n];if(null==i)continue;if(null!=ee){let e=ee[n]??0;if(i-e==0)continue;U=b(e,v,x,w)}let o=_(2!=g.distr||null!=u?m[n]:n,g,k,y),l=b(jo(i,I),v,x,w),r=M(o-R),s=M(Vo(l,U)),a=M(Bo(l,U)),c=s-a;if(null!=i){let o=i<0?ne:te,l=i<0?te:ne;F?(H>0&&null!=V[n]&&j(Y.get(V[n]),r,a+Ho(H/2),A,Vo(0,c-H),o,l),null!=G[n]&&j(B.get(G[n]),r,a+Ho(H/2),A,Vo(0,c-H),o,l)):j(Q,r,a+Ho(H/2),A,Vo(0,c-H),o,l),L(e,t,n,r-H/2,a,A+H,c)}}return H>0?X.stroke=F?Y:Q:F||(X._fill=0==h.width?h._fill:h._stroke??h._fill,X.width=0),X.fill=F?B:Q,X})},e.spline=function(e){return function(e,t){const n=jo(t?.alignGaps,0);return(t,i,o,l)=>Zr(t,i,(r,s,a,u,c,d,f,p,h,m,$)=>{[o,l]=Co(a,o,l);let g,v,_,b=r.pxRound,y=e=>b(d(e,u,m,p)),w=e=>b(f(e,c,$,h));0==u.ori?(g=ls,_=ss,v=ps):(g=rs,_=as,v=hs);const k=u.dir*(0==u.ori?1:-1);let x=y(s[1==k?o:l]),S=x,T=[],M=[];for(let e=1==k?o:l;e>=o&&e<=l;e+=k)if(null!=a[e]){let t=y(s[e]);T.push(S=t),M.push(w(a[e]))}const C={stroke:e(T,M,g,_,v,b),fill:null,clip:null,band:null,gaps:null,flags:1},P=C.stroke;let[q,O]=Xr(t,i);if(null!=r.fill||0!=q){let e=C.fill=new Path2D(P),n=w(r.fillTo(t,i,r.min,r.max,q));_(e,S,n),_(e,x,n)}if(!r.spanGaps){let e=[];e.push(...ns(s,a,o,l,k,y,n)),C.gaps=e=r.gaps(t,i,o,l,e),C.clip=ts(e,u.ori,p,h,m,$)}return 0!=O&&(C.band=2==O?[es(t,i,o,l,P,-1),es(t,i,o,l,P,1)]:es(t,i,o,l,P,O)),C})}(ys,e)}}function Ws({title:e,unit:t,format:n,lines:i,times:o,marks:l,now:r}){const s=se(null),a=Xe(null);re(()=>{const e=new Ns(function({format:e,lines:t,marks:n,now:i,point:o}){const l={stroke:()=>Is("--muted"),font:"11px system-ui, sans-serif",ticks:{show:!1}};return{width:300,height:150,padding:[8,8,0,0],legend:{show:!1},cursor:{y:!1,drag:{setScale:!1},sync:{key:"console"},points:{size:5}},scales:{x:{range:()=>[i.peek()/1e3-300,i.peek()/1e3]},y:{range:(e,t,n)=>[0,n>0?1.15*n:1]}},axes:[{...l,grid:{show:!1},incrs:[60,120,300],space:56,size:24,values:(e,t)=>t.map(Us)},{...l,grid:{stroke:()=>Is("--line"),width:1},size:52,space:32,values:(t,n)=>n.map(t=>e(t))}],series:[{},...t.map(({label:e,colour:t,dash:n,filled:i})=>({label:e,dash:n,width:1.5,points:{show:!1},stroke:()=>Is(t),...!0===i?{fill:()=>Is(`${t}-soft`)}:{}}))],hooks:{draw:[e=>function({ctx:e,bbox:t,valToPos:n},i){for(const{time:o,type:l}of i){const i=Math.round(n(o/1e3,"x",!0));if(!(i>=t.left&&i<=t.left+t.width))continue;e.save(),e.strokeStyle=e.fillStyle=Is("refused"===l?"--warning":"--muted"),e.lineWidth=devicePixelRatio,e.setLineDash([4,4]),e.beginPath(),e.moveTo(i,t.top),e.lineTo(i,t.top+t.height),e.stroke();const r=5*devicePixelRatio;e.beginPath(),e.moveTo(i-r,t.top),e.lineTo(i+r,t.top),e.lineTo(i,t.top+1.4*r),e.fill(),e.restore()}}(e,n.peek()??[])],setCursor:[({cursor:{idx:e}})=>o(e??null)]}}}({format:n,lines:i,marks:l,now:r,point:e=>{a.value=e}}),void 0,s.current),t=He(()=>e.setData([o.value,...i.map(({values:e})=>e.value)])),u=new ResizeObserver(([{contentRect:{width:t}}])=>e.setSize({width:Math.floor(t),height:150}));u.observe(s.current);const c=matchMedia("(prefers-color-scheme: dark)"),d=()=>e.redraw();return c.addEventListener("change",d),()=>{t(),u.disconnect(),c.removeEventListener("change",d),e.destroy()}},[]);const u=a.value??o.value.length-1;return nt`
    <figure>
      <figcaption>
        <strong>${e}</strong> <span class="unit">${t}</span>
        <span class="legend" aria-hidden="true">
          ${i.map(({label:e,colour:t,values:i})=>nt`
            <span key=${e}><i class=${`line ${t.slice(2)}`}></i>${e} <b>${n(i.value[u]??null)}</b></span>`)}
        </span>
      </figcaption>
      <div ref=${s} class="plot" role="img" aria-label=${function(e,t,n){const i=t.map(({label:e,values:t})=>{const i=t.value.filter(e=>null!=e);return 0===i.length?`${e}: no figures yet`:`${e}: ${n(i.at(-1))} now, from ${n(Math.min(...i))} to ${n(Math.max(...i))}`});return`${e} in the last five minutes. ${i.join("; ")}.`}(e,i,n)}></div>
    </figure>`}function Is(e){return getComputedStyle(document.documentElement).getPropertyValue(e).trim()}function Us(e){return new Date(1e3*e).toLocaleTimeString("en-GB",{hour:"2-digit",minute:"2-digit"})}const zs=Ne(()=>pt.value.map(({second:e})=>e)),Hs=(e,t,n,i={})=>({label:e,colour:t,values:Ne(()=>pt.value.map(n)),...i}),Fs=[{title:"Requests",unit:"per second",format:Dt,lines:[Hs("requests","--accent",({requests:e})=>e,{filled:!0})]},{title:"Errors",unit:"per second, by fault",format:Dt,lines:[Hs("gateway","--critical",({errors:e})=>e.gateway),Hs("upstream","--warning",({errors:e})=>e.upstream,{dash:[6,3]}),Hs("client","--muted",({errors:e})=>e.client,{dash:[2,3]})]},{title:"Duration",unit:"percentiles",format:Lt,lines:[Hs("99th","--accent-3",({p99:e})=>e,{dash:[2,3]}),Hs("95th","--accent-2",({p95:e})=>e,{dash:[6,3]}),Hs("median","--accent",({p50:e})=>e)]},{title:"Event-loop delay",unit:"of the slowest thread",format:Lt,lines:[Hs("delay","--accent",({loopDelay:e})=>e,{filled:!0})]}];function Gs(){return nt`
    <section class="charts" aria-label="The last five minutes">
      ${Fs.map(e=>nt`<${Ws} key=${e.title} ...${e} times=${zs} marks=${ft} now=${ut} />`)}
    </section>
    <${Vs} />`}const Bs={started:"started",reloaded:"took over",refused:"refused a reload"};function Vs(){const e=ft.value??[];return nt`
    ${e.length>0&&nt`
      <ul class="marks" aria-label="Starts and reloads of the last five minutes">
        ${e.slice(-6).toReversed().map(e=>nt`<${Ys} key=${e.time} ...${e} />`)}
      </ul>`}
    ${pt.value.length<240&&nt`
      <p class="hint">Figures are collected while somebody watches: the lines begin with the first look.</p>`}`}function Ys({time:e,type:t,generation:n,trigger:i,by:o}){return nt`
    <li class=${t}>
      <time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time> generation ${n} ${Bs[t]}
      ${void 0!==i&&` (${i}${void 0===o?"":` by ${o}`})`}
    </li>`}const Js={critical:"critical",warning:"warning",info:"notice"};function Ks({links:e}){if(void 0===ct.value)return nt`<p role="status">Waiting for the gateway.</p>`;const t=dt.value??[];return nt`
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title" class="hidden">What is wrong</h2>
      <p class="summary" role="status">${function(e){if(0===e.length)return nt`<${Qt} kind="good">Nothing is wrong.<//>`;const t=Object.keys(Js).map(t=>[t,e.filter(e=>e.severity===t).length]),n=t.filter(([,e])=>e>0).map(([e,t])=>`${t} ${e}`);return nt`<${Qt} kind=${Js[e[0].severity]}>${Gt(e.length,"problem")}: ${n.join(", ")}<//>`}(t)}</p>
      ${t.length>0&&nt`<ul>${t.map((t,n)=>nt`<${Zs} key=${n} ...${t} links=${e} />`)}</ul>`}
    </section>`}function Zs({severity:e,text:t,since:n,link:i,links:o}){const l=/^#\/([a-z]+)/.exec(i)?.[1];return nt`
    <li class=${e}>
      <${Qt} kind=${Js[e]}>${e}<//>
      <span class="text">${t}</span>
      ${void 0!==n&&nt`<time dateTime=${new Date(n).toISOString()}>since ${Ht(n)}</time>`}
      ${"overview"!==l&&o.includes(l)&&nt`<a href=${i} aria-label=${`Show more about: ${t}`}>Show</a>`}
    </li>`}function Xs({name:e,value:t,unit:n,detail:i}){return nt`
    <div>
      <dt>${e}</dt>
      <dd><span class="value">${t}</span>${n&&nt`<span class="unit">${n}</span>`}</dd>
      ${i&&nt`<dd class="detail">${i}</dd>`}
    </div>`}const Qs=mt("threads");function ea(){const e=pt.value.at(-1),{generation:t,loadedAt:n,warnings:i=[]}=ct.value??{},{startedAt:o}=at.value??{},l=Object.values(Qs.value);return nt`
    <dl class="tiles" aria-label="Figures of now">
      <${Xs} name="Requests" value=${Dt(e?.requests)} unit="/s" />
      <${Xs} name="Errors" value=${Dt(e&&(r=e.errors,Object.values(r).reduce((e,t)=>e+t,0)))} unit="/s" detail=${e&&function(e){const t=Object.entries(e).filter(([,e])=>e>0).map(([e,t])=>`${e} ${Dt(t)}`);return 0===t.length?"none":t.join(" · ")}(e.errors)} />
      <${Xs} name="Median" value=${Lt(e?.p50)} />
      <${Xs} name="95th percentile" value=${Lt(e?.p95)} detail=${`99th: ${Lt(e?.p99)}`} />
      <${Xs} name="In flight" value=${Dt(e?.inFlight)} detail=${e&&`on ${Gt(e.connections,"connection")}`} />
      <${Xs} name="Event-loop delay" value=${Lt(e?.loopDelay)} />
      <${Xs} name="Memory" value=${Nt(e?.memory)} />
      <${Xs} name="Generation" value=${t??At} detail=${n&&`loaded ${zt(Date.parse(n),ut.value)}`} />
      <${Xs} name="Uptime" value=${o?Ut(ut.value-o):At} />
      <${Xs} name="Threads" value=${void 0===t?At:Math.max(1,l.length)} detail=${function(e){if(0===e.length)return"one for everything";const t=e.filter(({state:e})=>"serving"!==e);return 0===t.length?"all serve":t.map(({number:e,state:t})=>`${e} is ${t}`).join(" · ")}(l)} />
      ${i.length>0&&nt`<${Xs} name="Warnings" value=${i.length} detail="of the configuration" />`}
    </dl>`;var r}function ta(e,t){if(e.includes(t))return[t];const n=e.filter(e=>e.includes(t));return 0===n.length?[t]:n}function na(e){const t=e.toLowerCase();return/^[1-5]x?$/.test(t)?[`${t[0]}xx`]:/^[1-5]\d$/.test(t)?Array.from({length:10},(e,n)=>t+n):[t]}function ia({id:e,thread:t,time:n,durationMs:i}){return`${n}/${i}/${t}/${e}`}function oa(e,t){const n=new Map(e.map(e=>[ia(e),e]));return t.map(e=>n.get(ia(e))??e)}function la({status:e,grpcStatus:t}){return void 0!==t&&"OK"!==t&&e<400?"warning":e>=500?"critical":e>=400?"warning":"good"}function ra({status:e,grpcStatus:t}){return void 0===t?String(e):`${e} ${t}`}function sa(e){return e.replace(/^[a-z]+:\/\//,"")}function aa({path:e,query:t}){return void 0===e||void 0===t?e:`${e}?${t}`}function ua(e){return e<1?`${Number(e.toPrecision(2))} ms`:Lt(e)}const ca=[{name:"time",title:"Time",hint:"When it began",by:({time:e,durationMs:t})=>e+t,cell:function({time:e}){return nt`<time dateTime=${new Date(e).toISOString()}>${Ht(e)}</time>`}},{name:"request",title:"Request",cell:function(e){const{id:t,method:n=""}=e,i=aa(e)??`request ${t}`;return nt`<a class="cut asked" href=${Yt("requests",{},t)} title=${`${n} ${i}`}><b>${n}</b> ${i}</a>`}},{name:"status",title:"Status",by:({status:e})=>e,cell:function(e){return nt`<span class="cut" title=${ra(e)}><${Qt} kind=${la(e)}>${ra(e)}<//></span>`}},{name:"duration",title:"Took",number:!0,by:({durationMs:e})=>e,cell:({durationMs:e})=>Lt(e)},{name:"reason",title:"Reason",minor:!0,cell:function({reason:e,policy:t}){return void 0===e?null:nt`<span class="cut" title=${void 0===t?e:`${e} by ${t}`}>
    ${e}${void 0!==t&&nt` <span class="dim">by ${t}</span>`}</span>`}},{name:"route",title:"Route",minor:!0,cell:function({route:e}){return void 0===e?nt`<span class="dim">none</span>`:nt`<a class="cut" href=${Yt("routes",{},e)} title=${e}>${e}</a>`}},{name:"target",title:"Target",minor:!0,hint:"Where the last attempt went",cell:function(e){const{target:t,upstream:n=""}=e;if(void 0===t)return null;const i=function({attempts:e,attemptsLeftOut:t=0}){return e.length+t}(e);return nt`<span class="cut" title=${`${n} ${t}`}>
    ${sa(t)}${i>1&&nt` <span class="tag" title=${`${i} attempts`}>×${i}</span>`}</span>`}},{name:"client",title:"Client",minor:!0,cell:({clientIp:e})=>nt`<span class="cut" title=${e}>${e}</span>`}],da=[...ca,{name:"thread",title:"Thread",number:!0,minor:!0,cell:({thread:e})=>e}];function fa({requests:e,filtered:t}){const n=e.some(({thread:e})=>void 0!==e);return nt`
    <${Mn} caption="Last requests" columns=${n?da:ca} rows=${e} keyOf=${ia} sort="-time"
      empty=${t?"No request that is kept fits.":"No request has ended yet."} />`}const[pa,ha]=[100,500],ma=mt("routes");function $a(){const[e,t]=le(pa),[n,i]=le(!1),[o,l]=le(!1),[r,s]=le(!1),a=se(new Set),u=se({}),{value:c}=sn(`/requests?limit=${ha}`),d=({requests:e})=>{for(const{reason:t}of e)void 0!==t&&a.current.add(t)};void 0!==c&&d(c);const f={reasons:[...a.current],routes:Object.keys(ma.value)},p=function(e,{reasons:t,routes:n},i){const o=t=>(e.get(t)??"").trim(),l=e=>o(e).split(/[\s,]+/).filter(e=>""!==e),r=o("route"),s=ta(n,r);return`/requests?${new URLSearchParams(Object.entries({status:l("status").flatMap(na).join(),reason:l("reason").flatMap(e=>ta(t,e)).join(),route:1===s.length?s[0]:r,id:o("id"),limit:i}).filter(([,e])=>""!==e))}`}(Vt.value.query,f,e),h=(n||o)&&u.current.path===p,{value:m,problem:$}=sn(h?void 0:p,{every:r?void 0:1e3,after:ct.value?.generation});if(re(()=>{h||s(404===$?.status)},[h,$]),void 0!==m&&m!==u.current.value&&(u.current={path:p,value:m,requests:oa(u.current.requests??[],m.requests)},d(m)),r||404===$?.status)return nt`<${va} />`;const{value:g,requests:v}=u.current;if(void 0===g)return nt`<${ln} problem=${$} />`;const{silentThreads:_=[]}=g;return nt`
    <div class="tools">
      <${cn} name="status" label="Status" placeholder="404, 5xx" suggestions=${["2xx","3xx","4xx","5xx","429","499"]} />
      <${cn} name="reason" label="Reason" placeholder="rate-limited" suggestions=${f.reasons} />
      <${cn} name="route" label="Route" suggestions=${f.routes} />
      <${cn} name="id" label="Id" placeholder="from its beginning" />
      <${ga} stopped=${n} pointed=${o} onStop=${()=>i(!n)} />
    </div>
    ${400===$?.status&&nt`<p class="problem" role="alert">${rn($)}</p>`}
    ${_.length>0&&nt`<p role="status" class="silent"><${Qt} kind="warning">${function(e){return`${1===e.length?"Thread":"Threads"} ${e.join(", ")} did not respond within a second: `+(1===e.length?"its":"their")+" requests are missing here."}(_)}<//></p>`}
    <div class="card requests" onPointerOver=${({target:e})=>l(null!==e.closest("tbody"))} onPointerLeave=${()=>l(!1)}
      onFocusIn=${({target:e})=>l(null!==e.closest("tbody"))} onFocusOut=${()=>l(!1)}>
      <${fa} requests=${v} filtered=${[...Vt.value.query.keys()].some(e=>"sort"!==e)} />
      ${v.length>0&&nt`<p class="hint">
        The newest ${Gt(v.length,"request")}; one appears when it has ended. Failed and rejected ones are kept apart from the
        others, so that no rush of successes hides them.
        ${v.length===pa&&e===pa&&nt`
          ${" "}<button type="button" class="quiet" onClick=${()=>t(ha)}>Show up to ${ha}</button>`}
      </p>`}
    </div>`}function ga({stopped:e,pointed:t,onStop:n}){return nt`
    <div class="liveness">
      <span role="status">
        ${e?nt`<${Qt} kind="notice">held<//>`:t?nt`<${Qt} kind="notice">held while you are at a row<//>`:nt`<${Qt} kind="good">live<//>`}
      </span>
      <button type="button" onClick=${n}>${e?"Go on":"Hold"}</button>
    </div>`}function va(){return nt`
    <p class="card empty">No requests are kept: the configuration has <code>console.requests: 0</code>. A number there, such as 300, is
      how many each thread keeps of those that went well, and as many of those that failed or were rejected.</p>`}function _a({story:{attempts:e,attemptsLeftOut:t=0,durationMs:n}}){const i=e.length-1,o=e.map((e,o)=>({...e,number:o+1+(o===i?t:0),durationMs:n}));return nt`
    <section class="card attempts" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Attempts</h2>
      <${Mn} caption="Attempts" columns=${ba} rows=${o} keyOf=${({number:e})=>String(e)} />
      ${t>0&&nt`<p class="hint">${t} between the last one and those before it are not kept.</p>`}
    </section>`}const ba=[{name:"number",title:"No.",cell:({number:e})=>e},{name:"target",title:"Target",cell:({target:e})=>void 0===e?At:sa(e)},{name:"kind",title:"Kind",minor:!0,cell:({kind:e})=>e},{name:"result",title:"Result",cell:function({answered:e,ended:t,failure:n,status:i}){return void 0!==n?nt`<${Qt} kind="critical">${void 0===i?n:`${i}, then ${n}`}<//>`:void 0!==i?nt`<${Qt} kind=${la({status:i})}>${i}<//>`:nt`<${Qt} kind="off">${void 0===t||void 0===e?"given up":"answered"}<//>`}},{name:"started",title:"Began after",number:!0,minor:!0,cell:({started:e})=>ua(e)},{name:"answered",title:"Headers after",number:!0,minor:!0,hint:"From its start to those of the response",cell:function({started:e,answered:t}){return void 0===t?At:ua(t-e)}},{name:"took",title:"Took",number:!0,minor:!0,cell:function({started:e,ended:t,durationMs:n}){return ua((t??n)-e)}}];function ya({story:e}){const{time:t,durationMs:n,upstreamMs:i,clientIp:o,protocol:l,route:r,policy:s,fault:a,upstream:u}=e,{bytesIn:c,bytesOut:d,generation:f,thread:p,traceId:h}=e,m=ua(n),$=[["Began",nt`${Ht(t)}, <${hn} time=${t} />`],["Took",void 0===i?m:`${m}, ${ua(i)} of it upstream`],["Client",o],["Protocol",l],["Route",void 0===r?"none":nt`<a href=${Yt("routes",{},r)}>${r}</a>`],["Upstream",void 0===u?void 0:nt`<a href=${Yt("upstreams",{},u)}>${u}</a>`],["Refused by",s],["Fault of",a],["Request body",Nt(c)],["Response body",void 0===d?void 0:Nt(d)],["Generation",f],["Thread",p],["Trace",void 0===h?void 0:nt`<span class="mono">${h}</span>`]];return nt`
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
          <tbody>${function({spans:e,attempts:t,attemptsLeftOut:n=0}){const i=Math.max(...e.map(({start:e,duration:t})=>e+t)),o=e=>0===i?0:Math.round(e/i*1e5)/1e3;return e.map(({name:e,level:i,start:l,duration:r,attempt:s})=>{const a=t[s],u=s+1+(s===t.length-1?n:0);return{label:Sa[e]??`Attempt ${u}${void 0===a.target?"":` at ${sa(a.target)}`}`,level:i,start:l,duration:r,left:o(l),width:o(r),tone:0===i?"whole":"attempt"===e?void 0===a.failure?"attempt":"failed":2===i?"part":"own"}})}(e).map((e,t)=>nt`<${Ma} key=${t} ...${e} />`)}</tbody>
        </table>
      </div>
    </section>`}function Ma({label:e,level:t,start:n,duration:i,left:o,width:l,tone:r}){return nt`
    <tr>
      <th scope="row" class=${`level-${t}`}>${e}</th>
      <td class="number minor">${ua(n)}</td>
      <td class="number">${ua(i)}</td>
      <td><span class="track"><i class=${r} style=${{left:`min(${o}%, 100% - 2px)`,width:`${l}%`}}></i></span></td>
    </tr>`}function Ca({id:e}){const{value:t,problem:n}=sn(`/requests/${encodeURIComponent(e)}`);if(404===n?.status)return nt`<${Ea} problem=${n} />`;if(void 0===t)return nt`<${ln} problem=${n} />`;if(void 0===t.spans)return nt`<${Ea} problem=${{message:""}} />`;const{attempts:i,policies:o}=t;return nt`
    <div class="columns">
      <div>
        <${Pa} story=${t} />
        ${o.length>0&&nt`<${xa} policies=${o} />`}
        ${i.length>0&&nt`<${_a} story=${t} />`}
      </div>
      <${ya} story=${t} />
    </div>
    <${Ta} story=${t} />`}function Pa({story:e}){const{method:t="",words:n,reason:i,help:o,traceUrl:l}=e;return nt`
    <section class="card told" aria-labelledby="told-title">
      <h2 id="told-title" class="break">
        <${Qt} kind=${la(e)}>${ra(e)}<//> <span class="mono">${t} ${aa(e)}</span>
      </h2>
      <ol>${n.map((e,t)=>nt`<li key=${t}>${e}</li>`)}</ol>
      ${void 0!==o&&nt`<p><b>${i}</b>: ${o.split("`").map(qa)}</p>`}
      <p class="links">
        <${Oa} story=${e} />
        ${void 0!==l&&nt`<a href=${l} target="_blank" rel="noreferrer">Open its trace</a>`}
      </p>
    </section>`}function qa(e,t){return t%2==0?e:nt`<code key=${t}>${e}</code>`}function Oa({story:e}){const{method:t,clientIp:n}=e,i=aa(e);if(void 0===t||void 0===i||/…|\[redacted\]/.test(t+i))return null;return nt`<a href=${Yt("explain",{method:t,url:i,ip:"[redacted]"===n?void 0:n})}>Explain this request</a>`}function Ea({problem:{message:e}}){return nt`
    <div class="card">
      <p>
        <${Qt} kind="off">The gateway keeps no request with this id${/; thread .*$/.exec(e)?.[0]}.<//>
      </p>
      <p class="hint">
        Each thread keeps its last requests: <code>console.requests</code> says how many. Later ones replace them, and a restart forgets
        them. <a href=${Yt("requests")}>Show those that are kept</a>
      </p>
    </div>`}function Ra({errors:e}){if(void 0===e)return nt`<span class="dim">${At}</span>`;const{share:t,fault:n,words:i}=e;return void 0===n?Wt(0):nt`<span class="errors" title=${i}><${Aa} fault=${n} /> <span class="share">${Wt(t)}</span></span>`}function Aa({fault:e}){return"client"===e?nt`<span class="dim">client</span>`:nt`<${Qt} kind="warning">${e}<//>`}function Da(e,t){return e>=500&&void 0!==t?"upstream":void 0}function ja({name:e}){const{value:t,problem:n}=sn(`/requests?${new URLSearchParams({route:e,status:"4xx,5xx",limit:"500"})}`,{every:3e3});return 404===n?.status?null:nt`
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Rejected and failed</h2>
      ${void 0===t?nt`<${ln} problem=${n} />`:nt`
        <${Mn} caption="Rejected and failed requests by reason" columns=${La(e)} rows=${function(e){const t=new Map;for(const{reason:n,status:i,fault:o,policy:l,upstream:r,time:s,id:a}of e){const e=n??`status ${i} of the ${void 0===r?"route":"upstream"}`,u=`${e} ${l}`,c=t.get(u);void 0!==c?c.count++:t.set(u,{key:u,text:e,reason:n,status:i,policy:l,count:1,last:s,id:a,fault:o??Da(i,r)})}return[...t.values()]}(t.requests)}
          keyOf=${({key:e})=>e} empty="None of the last requests was rejected or has failed." />
        ${t.requests.length>0&&nt`<p class="hint">Of the requests that the gateway still keeps.</p>`}`}
    </section>`}const La=e=>[{name:"reason",title:"Reason",cell:({text:t,reason:n,status:i})=>nt`
      <a href=${Yt("requests",{route:e,reason:n,status:void 0===n?i:void 0})}>${t}</a>`},{name:"by",title:"Fault",cell:Na},{name:"count",title:"Requests",number:!0,by:({count:e})=>e,cell:({count:e})=>e},{name:"newest",title:"Last one",number:!0,by:({last:e})=>e,cell:Wa}];function Na({fault:e,policy:t}){return nt`
    ${void 0===e?nt`<span class="dim">none</span>`:nt`<${Aa} fault=${e} />`}
    ${void 0!==t&&nt`, rejected by <span class="tag">${t}</span>`}`}function Wa({last:e,id:t}){return nt`<a href=${Yt("requests",{},t)}><${hn} time=${e} /></a>`}const Ia=[{name:"request",title:"Request",cell:function({id:e,method:t="",path:n=e}){return nt`<a class="break" href=${Yt("requests",{},e)}>${t} ${n}</a>`}},{name:"status",title:"Status",cell:function({reason:e,...t}){return nt`
    <${Qt} kind=${la(t)}>${ra(t)}<//>${void 0!==e&&nt` <small class="dim">${e}</small>`}`}},{name:"took",title:"Took",number:!0,cell:({durationMs:e})=>Lt(e)},{name:"time",title:"When",number:!0,cell:({time:e})=>nt`<${hn} time=${e} />`}];function Ua({name:e}){const{value:t,problem:n}=sn(`/requests?${new URLSearchParams({route:e,limit:"8"})}`,{every:2e3});return nt`
    <section class="card" aria-labelledby="last-title">
      <h2 id="last-title">Last requests</h2>
      ${404===n?.status?nt`<p class="empty">The gateway keeps no requests: <code>console.requests</code> is 0.</p>`:void 0===t?nt`<${ln} problem=${n} />`:nt`
          <${Mn} caption="Last requests" columns=${Ia} rows=${t.requests} keyOf=${({id:e})=>e} empty="There was none yet." />
          <p><a href=${Yt("requests",{route:e})}>Show all that are kept</a></p>`}
    </section>`}const za=mt("policies"),Ha=[{name:"policy",title:"Policy",cell:function({policy:e,step:t,total:n}){const i=n?.limited>0?nt`<a href=${Yt("limits",{filter:e})}>${e}</a>`:e;return nt`<span class="dim">${t}.</span> ${i}`}},{name:"now",title:"Rejects",number:!0,hint:"In the last ten seconds",cell:function({limited:e,refused:t}){return void 0===e?At:nt`${Dt(e+t)}<span class="unit">/s</span>`}},{name:"limited",title:"Limited",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.limited)},{name:"refused",title:"Refused",number:!0,hint:"Since the start of the gateway",cell:({total:e})=>Dt(e?.refused)}];function Fa({chain:e}){const t=e.map((e,t)=>({policy:e,step:t+1,...za.value[e]}));return nt`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Mn} caption="Policies in running order" columns=${Ha} rows=${t} keyOf=${({policy:e})=>e}
        empty="Requests of this route pass no policy." />
      ${t.length>0&&nt`
        <p class="hint">A request passes them in this order. The figures are those of all routes with the policy.</p>`}
    </section>`}const Ga="(none)",Ba="requests that no route served";function Va(){let e=new Map;return(t,n)=>{const i=e,o=new Map;return e=new Map,[...t,void 0].map(t=>{const l=t?.name??Ga,r=(o.get(l)??0)+1;o.set(l,r);const s=`${l} ${r}`,a=n[l],u=i.get(s),c=void 0!==u&&u.route===t&&u.figures===a?u:function(e,t,n,i,o){const l=n&&Ka(n);return{id:e,name:t,route:n,figures:i,served:l,errors:Za(i),order:i&&Ja(o,i.rate),search:void 0===n?`${t} ${Ba}`:Ya(n,l)}}(s,l,t,a,u?.order);return e.set(s,c),c})}}function Ya({name:e,path:t,methods:n,host:i,chain:o},{upstreams:l,text:r}){return[e,t,n,i,r,l.map(e=>e.name),o].flat().filter(Boolean).join(" ")}function Ja(e,t){return void 0!==e&&Math.abs(t-e)<=e/10?e:t}function Ka({upstream:e,target:t,split:n,respond:i,redirect:o,plugin:l}){const r=e??t;if(void 0!==r)return{upstreams:[{name:r}]};if(void 0!==n){const e=n.reduce((e,{weight:t})=>e+t,0);return{upstreams:n.map(({upstream:t,weight:n})=>({name:t,share:0===e?0:n/e}))}}return{upstreams:[],text:void 0!==i?`responds ${i.status??200}`:void 0!==o?`redirects to ${o.to}`:void 0!==l?`plugin ${l}`:"a plugin"}}function Za(e){if(void 0===e||0===e.rate)return;const t=Object.entries(e.errors).filter(([,e])=>e>0).toSorted(([,e],[,t])=>t-e),n=t.reduce((e,[,t])=>e+t,0);return{share:Math.min(1,n/e.rate),fault:t[0]?.[0],words:t.map(([e,t])=>`${e} ${Dt(t)}/s`).join(", ")}}function Xa({upstreams:e,text:t}){return 0===e.length?nt`<span class="dim break">${t}</span>`:e.map(({name:e,share:t},n)=>nt`
    ${n>0&&", "}<a key=${e} class="break" href=${Yt("upstreams",{},e)}>${e}</a>
    ${void 0!==t&&nt` <span class="dim part">${Wt(t)}</span>`}`)}function Qa({route:e}){const{path:t,methods:n=[],host:i,place:o,plugin:l,priority:r}=e;return nt`
    <section class="card" aria-label="Route">
      <dl class="pairs">
        <dt>Path</dt><dd><code>${t}</code></dd>
        <dt>Methods</dt>
        <dd>${0===n.length?"any":n.map(e=>nt`<span key=${e} class="tag">${e}</span> `)}</dd>
        ${void 0!==i&&nt`<dt>Host</dt><dd>${[i].flat().join(", ")}</dd>`}
        <dt>Served by</dt><dd><${Xa} ...${Ka(e)} /></dd>
        ${void 0!==r&&nt`<dt>Priority</dt><dd>${r}</dd>`}
        ${void 0!==o&&nt`<dt>Written in</dt><dd><code>${o}</code></dd>`}
        ${void 0!==l&&nt`<dt>Added by</dt><dd>${l}</dd>`}
      </dl>
      <p><a href=${Yt("explain",function({path:e,methods:t=["GET"],host:n}){const i=e.replace(/\*$/,"1").replaceAll("::","\0").replaceAll(/:\w+(?:\([^)]*\))?/g,"1").replaceAll("\0",":"),[o]=[n??[]].flat();return{method:t[0],url:i,header:void 0===o?void 0:`host: ${o.replace(/^\*/,"www")}`}}(e))}>Explain a request to this route</a></p>
    </section>`}const eu=mt("routes");function tu({name:e}){const t=eu.value[e];if(void 0===t)return null;const{rate:n,p50:i,p95:o,lastRequest:l,total:r}=t,s=Za(t),a=[s?.words,`${Dt(r.errors)} in all`].filter(Boolean).join(", ");return nt`
    <dl class="tiles" aria-label="Figures of the last ten seconds">
      <${Xs} name="Requests" value=${Dt(n)} unit="/s" detail=${`${Dt(r.requests)} in all`} />
      <${Xs} name="Errors" value=${Wt(s?.share)} detail=${a} />
      <${Xs} name="Median" value=${Lt(i)} detail=${`95th percentile: ${Lt(o)}`} />
      <${Xs} name="Limited" value=${Dt(r.limited)} detail="by rate limits, since the start" />
      <${Xs} name="Refused" value=${Dt(r.refused)} detail="by other policies, since the start" />
      <${Xs} name="Last request" value=${null===l?At:nt`<${hn} time=${l} />`} />
    </dl>`}function nu({name:e}){const{value:t}=sn(`/routes?${new URLSearchParams({name:e,format:"yaml"})}`,{after:ct.value?.generation});return void 0===t?null:nt`
    <section class="card" aria-labelledby="written-title">
      <h2 id="written-title">Configuration</h2>
      <${un} text=${t} kind="yaml" label="The route as it would be written, with all defaults" />
    </section>`}function iu({name:e}){return e===Ga?nt`<${lu} />`:nt`<${ou} name=${e} />`}function ou({name:e}){const t=ct.value?.generation,n=void 0===t?void 0:`/routes?${new URLSearchParams({name:e})}`,{value:i,problem:o}=sn(n,{after:t});return void 0===i?nt`<${ln} problem=${o} />`:0===i.length?nt`
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
    </div>`}function lu(){return nt`
    <p class="card empty">
      No route of the configuration served these requests: none fits their path, method, host or conditions, or the gateway rejected
      them before it chose one.
    </p>
    <${tu} name=${Ga} />
    <div class="columns route"><${ja} name=${Ga} /><${Ua} name=${Ga} /></div>`}const ru=(e,t,n,i,o={})=>({name:e,title:t,number:!0,by:({route:e,figures:t})=>e&&t&&n(t),cell:({figures:e})=>i(e&&n(e)),...o}),su=(e,t,n,i,o={})=>({name:e,title:t,by:e=>e.route&&n(e),cell:i,...o}),au=e=>e>0?Dt(e):nt`<span class="dim">${Dt(e)}</span>`,uu=nt`<span class="dim">${At}</span>`,cu=e=>null==e?uu:Lt(e),du="since the start of the gateway",fu=[su("route","Route",({name:e})=>e,function({name:e,route:t}){const{path:n,methods:i=[],host:o,priority:l="normal"}=t??{};return nt`
    <a class="break" href=${Yt("routes",{},e)}>${e}</a>
    ${i.map(e=>nt` <span key=${e} class="tag">${e}</span>`)}
    ${"normal"!==l&&nt` <span class="tag">${l} priority</span>`}
    <${hu} path=${n===e?void 0:n} host=${o} />
    ${void 0===t&&nt`<small>${Ba}</small>`}`}),su("served","Served by",({served:{upstreams:e,text:t}})=>e[0]?.name??t,function({served:e}){return void 0===e?nt`<span class="dim">no route</span>`:nt`<${Xa} ...${e} />`},{minor:!0}),{name:"rate",title:"Rate",number:!0,hint:"Requests per second in the last ten seconds",by:({route:e,order:t})=>e&&t,cell:({figures:e})=>void 0===e?uu:nt`${Dt(e.rate)}<span class="unit">/s</span>`},{name:"errors",title:"Errors",number:!0,hint:"The part of the requests of the last ten seconds that failed, and whose fault most of that is",by:({route:e,errors:t})=>e&&t?.share,cell:({errors:e})=>nt`<${Ra} errors=${e} />`},ru("p50","Median",({p50:e})=>e,cu,{minor:!0,hint:"In the last ten seconds"}),ru("p95","95th",({p95:e})=>e,cu,{hint:"95th percentile, in the last ten seconds"}),ru("last","Last request",({lastRequest:e})=>e,e=>null==e?uu:nt`<${hn} time=${e} />`,{minor:!0}),ru("limited","Limited",({total:e})=>e.limited,au,{minor:!0,hint:`By rate limits, ${du}`}),ru("refused","Refused",({total:e})=>e.refused,au,{minor:!0,hint:`By other policies, ${du}`}),su("policies","Policies",({route:e})=>e.policies.join(" ")||void 0,function({route:e}){const{policies:t=[]}=e??{};return 0===t.length?uu:t.map(e=>nt`<span key=${e} class="tag">${e}</span> `)},{minor:!0})];function pu({rows:e,empty:t}){return nt`<${Mn} caption="Routes" columns=${fu} rows=${e} keyOf=${({id:e})=>e} sort="-rate" empty=${t} />`}function hu({path:e,host:t}){const n=[e,void 0===t?void 0:`at ${[t].flat().join(", ")}`].filter(Boolean);return n.length>0&&nt`<small class="break">${n.join(" ")}</small>`}const mu=mt("routes");function $u(){const e=ct.value?.generation,{value:t,problem:n}=sn(void 0===e?void 0:"/routes",{after:e}),i=ae(Va,[]);if(void 0===t)return nt`<${ln} problem=${n} />`;const o=Vt.value.query.get("filter")??"",l=i(t,mu.value).filter(({search:e})=>dn(o,e)),r=l.filter(({route:e})=>void 0!==e).length;return nt`
    <div class="tools">
      <${cn} name="filter" label="Path, method, upstream or policy" />
      <span class="count" role="status">${r===t.length?"":`${r} of `}${Gt(t.length,"route")}</span>
    </div>
    <div class="card routes"><${pu} rows=${l} empty="No route fits the filter." /></div>`}function gu({kind:e,...t}){return nt`<${vu[e]} ...${t} />`}const vu={drain:function({row:{upstream:e,url:t,active:n},onClose:i}){const[o,l]=le(!1);return nt`
    <${jn} title=${`Drain ${t}`} confirm="Drain" dangerous=${o} change=${async({for:n,reason:i,force:o})=>{try{const{active:l,until:r}=await yu("drain",{upstream:e,url:t,for:n,reason:i,force:o});nn(`${t} gets no new requests${xu(r)}; ${Gt(l,"attempt")} under way.`)}catch(n){if("conflict"!==n.code)throw n;l(!0);const i=`Without ${t}, no target of ${e} is open. Open another one first, or tick the box.`;throw new it(n.status,{detail:i})}}} onClose=${i}>
      <p>New requests go to other targets of ${e}. ${n>0?`${Gt(n,"attempt")} under way may end.`:""}</p>
      <${_u} hint="Such as 30s, 10m or 2h; empty: until it is undrained." />
      <${bu} />
      ${o&&nt`
        <label class="check"><input type="checkbox" name="force" value="true" /> Drain it all the same: no target is left then</label>`}
    <//>`},undrain:function({row:{upstream:e,url:t},onClose:n}){return nt`
    <${jn} title=${`Undrain ${t}`} confirm="Undrain" change=${async({reason:n})=>{await yu("undrain",{upstream:e,url:t,reason:n}),nn(`${t} is no longer drained.`)}} onClose=${n}>
      <p>It gets requests again, little by little where ${e} has a slow start.</p>
      <${bu} />
    <//>`},open:function({row:{upstream:e,url:t},onClose:n}){return nt`
    <${jn} title=${`Open the breaker of ${t}`} confirm="Open breaker" dangerous=${!0} change=${async({for:n,reason:i})=>{const{openTargets:o,until:l}=await wu("open",{upstream:e,url:t,for:n,reason:i}),r=0===o?`no target of ${e} is`:`${Gt(o,"target")} of ${e}`;nn(`The breaker of ${t} is open${xu(l)}; ${r} open.`,0===o?"warning":"good")}} onClose=${n}>
      <p>
        Requests go to other targets of ${e}, and get 503 where none is open. When the time is over, one request tries the target.
      </p>
      <${_u} hint="Such as 30s, 10m or 2h; 24h at most." value="10m" required=${!0} />
      <${bu} />
    <//>`},close:function({row:{upstream:e,url:t},onClose:n}){return nt`
    <${jn} title=${`Close the breaker of ${t}`} confirm="Close breaker" change=${async({reason:n})=>{await wu("closed",{upstream:e,url:t,reason:n}),nn(`The breaker of ${t} is closed.`)}} onClose=${n}>
      <p>Requests go to the target at once, and the breaker counts failures from zero.</p>
      <${bu} />
    <//>`}};function _u({hint:e,...t}){return nt`<${Ln} label="For how long" hint=${e}><input name="for" autocomplete="off" ...${t} /><//>`}function bu(){return nt`<${Ln} label="Why (for the log)"><input name="reason" maxlength="200" autocomplete="off" /><//>`}function yu(e,{upstream:t,url:n,...i}){return ku(`/upstreams/${encodeURIComponent(t)}/${e}`,{target:n,...i})}function wu(e,{url:t,...n}){return ku("/breakers",{target:t,state:e,...n})}function ku(e,t){return ot(`${e}?${new URLSearchParams(Object.entries(t).filter(([,e])=>e))}`,{method:"POST"})}function xu(e){return void 0===e?"":` until ${Ht(Date.parse(e))}`}const Su=["critical","warning","notice","off","good"],Tu={"circuit-breaking":"critical","health-checks":"critical","unreachable-targets":"critical",drain:"notice"},Mu={"circuit-breaking":["breaker","next try in"],"health-checks":["health","back in"],"unreachable-targets":["reachability","next try in"],drain:["drain","ends in"]},Cu=new Set(["half-open","trying"]);function Pu({gate:e,permits:t,state:n}){return t?Cu.has(n)?"warning":"good":Tu[e]??"warning"}function qu(e){return Mu[e]?.[0]??e}function Ou({gate:e,state:t}){return"circuit-breaking"===e&&"open"===t?"breaker open":t}const Eu=[{name:"target",title:"Target",cell:({url:e,first:t})=>nt`<span class=${"mono break"+(t?"":" dim")}>${e}</span>`},{name:"gate",title:"Gate",cell:({gate:e})=>nt`<span title=${e}>${qu(e)}</span>`},{name:"state",title:"State",cell:e=>nt`<${Qt} kind=${Pu(e)}>${e.state}<//>`},{name:"why",title:"Why",cell:({why:e})=>nt`<span class="break">${e}</span>`},{name:"since",title:"Since",number:!0,cell:({since:e})=>nt`<${hn} time=${e} />`},{name:"until",title:"May open in",number:!0,cell:({until:e})=>nt`<${mn} time=${e} />`}],Ru=[{name:"target",title:"Target",cell:({url:e})=>nt`<span class="mono break">${e}</span>`},{name:"attempts",title:"Attempts",number:!0,cell:({total:e})=>Dt(e?.attempts)},{name:"failed",title:"Failed",number:!0,cell:({total:e})=>Dt(e?.errors)},{name:"part",title:"Part",number:!0,cell:({total:e})=>e?.attempts>0?Wt(e.errors/e.attempts):At}],Au={name:"balancing",title:"The balancer says",minor:!0,cell:e=>e.balancing??At};function Du({upstream:{name:e,rows:t}}){const n=t.some(e=>void 0!==e.balancing)?[...Ru,Au]:Ru,i=t.flatMap(({url:e,gates:t})=>t.map((t,n)=>({...t,url:e,first:0===n})));return nt`
    <section class="card gates" aria-labelledby="gates-title">
      <h2 id="gates-title">Gates</h2>
      <p class="hint">A request goes to a target when all its gates permit it.</p>
      <${Mn} caption=${`Gates of ${e}`} columns=${Eu} rows=${i} keyOf=${({url:e,gate:t})=>`${e} ${t}`}
        stateOf=${e=>"critical"===Pu(e)?"critical":void 0} empty="There is no target." />
    </section>
    <section class="card" aria-labelledby="totals-title">
      <h2 id="totals-title">Since the start of the gateway</h2>
      <${Mn} caption=${`Totals of ${e}`} columns=${n} rows=${t} keyOf=${({url:e})=>e} empty="There is no target." />
    </section>`}const[ju,Lu]=[.05,.5];function Nu(e,t,n){return new Map(Object.values(t).map(t=>{const{name:i}=t,o=e.get(i),l=function(e,t){const n=new Map(e.map(e=>[e.url,e]));return t.map(e=>JSON.stringify(n.get(e.url))===JSON.stringify(e)?n.get(e.url):e)}(o?.upstream.rows??[],t.targets.map(e=>function(e,{gates:t,url:n,weight:i,active:o,open:l,lastProbe:r,slowStart:s,balancing:a},u={}){const{rate:c=null,errors:d=null,p50:f=null,p95:p=null,share:h=null,total:m}=u,$=function({weight:e,open:t,gates:n,slowStart:i}){const o=n.map(e=>({...e,kind:Pu(e)})).filter(({kind:e})=>"good"!==e),l=o.filter(({permits:e})=>!e),r=(l.length>0?l:o).toSorted((e,t)=>Su.indexOf(e.kind)-Su.indexOf(t.kind)),[s]=r,a=r.map(({gate:e,state:t,why:n=t,until:i},o)=>({words:0===o?n:`${qu(e)}: ${n}`,until:i,before:Mu[e]?.[1]??"opens in"}));if(0===e)return{kind:"off",word:"weight 0",reasons:[{words:"gets no requests"},...a]};if(void 0!==s)return{kind:s.kind,word:Ou(s),reasons:a};if(t&&void 0!==i)return{kind:"notice",word:"warming up",reasons:[{words:`at ${Math.round(100*i.share)} % of its share`,until:i.until,before:"all of it in"}]};return{kind:"good",word:"open",reasons:a}}({weight:i,open:l,gates:t,slowStart:s}),g=d>=Lu&&d>=c*ju;return{upstream:e,url:n,weight:i,active:o,lastProbe:r,balancing:a,rate:c,errors:d,p50:f,p95:p,share:h,total:m,failing:g,...$,failed:c>0?Math.min(1,d/c):null,problem:g||!["good","off"].includes($.kind),drained:t.some(({gate:e,permits:t})=>"drain"===e&&!t),breaker:t.find(({gate:e})=>"circuit-breaking"===e)?.state,gates:t.map(({opensInMs:e,...t})=>t)}}(i,e,n[i]?.[e.url]))),r={...Wu(t),rows:l},s=JSON.stringify(r);return[i,o?.json===s?o:{json:s,upstream:r}]}))}function Wu({name:e,balance:t,retries:n,fallback:i,failOpen:o=!1,adaptiveConcurrency:l,targets:r}){const s=r.filter(({weight:e})=>e>0);return{name:e,balance:t,retries:n,fallback:i,failOpen:o,limit:l,used:s.length,open:s.filter(({open:e})=>e).length}}const[Iu,Uu]=[mt("upstreams"),mt("targetTraffic")];let zu=new Map;const Hu=Ne(()=>(zu=Nu(zu,Iu.value,Uu.value),[...zu.values()].map(({upstream:e})=>e))),Fu=["critical","warning","notice","off","good"],Gu=[{name:"target",title:"Target",by:({url:e})=>e,cell:({url:e})=>nt`<span class="mono break">${e}</span>`},{name:"state",title:"State",by:({kind:e})=>Fu.indexOf(e),cell:function({kind:e,word:t,reasons:n}){const[i,...o]=n.map((e,t)=>nt`<${Ju} key=${t} ...${e} />`);return nt`
    <${Qt} kind=${e}>${t}<//> ${i}
    ${o.map((e,t)=>nt`<div key=${t} class="dim">${e}</div>`)}`}},{name:"weight",title:"Weight",number:!0,minor:!0,by:({weight:e})=>e,cell:({weight:e})=>Dt(e)},{name:"share",title:"Share",number:!0,hint:"Of the attempts in the last ten seconds",by:({share:e})=>e,cell:function({share:e}){return null===e?At:nt`${Wt(e)}<span class="bar"><i style=${{width:`${Math.round(100*e)}%`}}></i></span>`}},{name:"active",title:"Active",number:!0,hint:"Attempts under way",by:({active:e})=>e,cell:({active:e})=>e},{name:"rate",title:"Rate",number:!0,hint:"Attempts per second in the last ten seconds",by:({rate:e})=>e,cell:function({rate:e}){return null===e?At:nt`${Dt(e)}<span class="unit">/s</span>`}},{name:"errors",title:"Failed",number:!0,hint:"Of the attempts of ten seconds",by:({failed:e})=>e,cell:function({failed:e,failing:t,errors:n}){if(null===e)return At;const i=nt`<span title=${`${Dt(n)} per second`}>${Wt(e)}</span>`;return t?nt`<${Qt} kind="warning">${i}<//>`:i}},{name:"p50",title:"Median",number:!0,minor:!0,by:({p50:e})=>e,cell:({p50:e})=>Lt(e)},{name:"p95",title:"95th",number:!0,hint:"95th percentile",by:({p95:e})=>e,cell:({p95:e})=>Lt(e)},{name:"probe",title:"Last probe",minor:!0,by:({lastProbe:e})=>e?.at,cell:function({lastProbe:e,gates:t}){if(void 0===e)return nt`<span class="dim">none</span>`;const{at:n,ok:i,ms:o,why:l}=e;if(i)return nt`<span class="dim"><${hn} time=${n} />, ${Lt(o)}</span>`;const r=t.some(({gate:e,permits:t})=>"health-checks"===e&&!t);return nt`<${Qt} kind="warning">${r?"failed":l}<//> <span class="dim"><${hn} time=${n} />, ${Lt(o)}</span>`}}],Bu=({url:e})=>e,Vu=({kind:e,failing:t})=>"critical"===e?e:t?"warning":void 0;function Yu({name:e,rows:t,operates:n,onChange:i}){const o=ae(()=>n?[...Gu,{name:"change",title:"Change",cell:e=>nt`<${Ku} row=${e} onChange=${i} />`}]:Gu,[n]);return nt`<${Mn} caption=${`Targets of ${e}`} columns=${o} rows=${t} keyOf=${Bu} stateOf=${Vu}
    empty="No target is known: none was found yet, or all have gone." />`}function Ju({words:e,until:t,before:n}){return nt`
    <span class="break">${e}${void 0!==t&&nt`<span class="dim">; ${n} <${mn} time=${t} /></span>`}</span>`}function Ku({row:e,onChange:t}){const{breaker:n,drained:i,upstream:o,url:l}=e,r=(n,i,r)=>nt`
    <button type="button" class="quiet" aria-label=${`${r??i} ${l} of ${o}`} onClick=${()=>t({kind:n,row:e})}>
      ${i}
    </button>`;return nt`
    <span class="changes">${i?r("undrain","Undrain"):r("drain","Drain")}
    ${"closed"===n&&r("open","Open breaker","Open breaker of")}
    ${void 0!==n&&"closed"!==n&&r("close","Close breaker","Close breaker of")}</span>`}function Zu({upstream:e,alone:t=!1,onChange:n}){const i=qt.value;return ae(()=>{const{name:o,rows:l}=e;return nt`
      <section class="card upstream" aria-label=${`Upstream ${o}`}>
        <header>
          <h2>${t?"Targets":nt`<a href=${Yt("upstreams",{},o)}>${o}</a>`}</h2>
          <${Xu} upstream=${e} />
          <${Qu} upstream=${e} alone=${t} />
          <${ec} upstream=${e} alone=${t} />
        </header>
        <${Yu} name=${o} rows=${l} operates=${i} onChange=${n} />
      </section>`},[e,i,t])}function Xu({upstream:e}){const{kind:t,words:n}=function({open:e,used:t,failOpen:n,fallback:i}){return 0===t?{kind:"critical",words:"no target"}:{kind:e===t?"good":0===e?"critical":"warning",words:`${e} of ${t} target${1===t?"":"s"} open${n?", requests are sent all the same":0===e&&void 0!==i?`, requests go to ${i}`:""}`}}(e);return nt`<${Qt} kind=${t}>${n}<//>`}function Qu({upstream:{balance:e,fallback:t,limit:n,retries:i},alone:o}){return nt`
    <span class="facts-of">
      <span title="How a target is selected">${e}</span>
      ${void 0!==i&&nt`<span title="Attempts of a request, the first one included">${function({attempts:e,extra:t,saved:n},i){return 1===e?"no retries":`up to ${e} attempts${i?`, ${t} extra ones under way, ${n} saved`:""}`}(i,o)}</span>`}
      ${void 0!==t&&nt`<span>falls back to <a href=${Yt("upstreams",{},t)}>${t}</a></span>`}
      ${void 0!==n&&nt`<span title="Adaptive concurrency">${n.active} of ${n.limit} places taken</span>`}
    </span>`}function ec({upstream:{rows:e},alone:t}){const{active:n,attempts:i,errors:o,rate:l}=function(e){const t=t=>e.reduce((e,n)=>e+(t(n)??0),0);return{active:t(({active:e})=>e),rate:t(({rate:e})=>e),attempts:t(({total:e})=>e?.attempts),errors:t(({total:e})=>e?.errors)}}(e);return nt`
    <span class="sums">
      <span><b>${Dt(l)}</b>/s</span>
      <span><b>${n}</b> active</span>
      ${t&&nt`
        <span title="Since the start of the gateway"><b>${Dt(i)}</b> attempts in all, <b>${Dt(o)}</b> failed</span>`}
    </span>`}function tc({all:e,onChange:t}){const[n,i]=le(!1),{query:o}=Vt.value,l="1"===o.get("problems"),r=function(e,t,n){return e.flatMap(e=>{const{name:i}=e,o=e.rows.filter(e=>(!n||e.problem)&&t(i,e.url,e.word,...e.reasons.map(({words:e})=>e)));return o.length===e.rows.length&&(o.length>0||t(i))?[e]:0===o.length?[]:[{...e,rows:o}]})}(e,(...e)=>dn(o.get("filter")??"",...e),l),s=n?r:r.slice(0,60);return 0===e.length?nt`<p class="card empty">The configuration has no upstream.</p>`:nt`
    <div class="tools">
      <${cn} name="filter" label="Upstream, target or reason" />
      <label class="check">
        <input type="checkbox" checked=${l}
          onChange=${({currentTarget:{checked:e}})=>Jt({problems:e?"1":""})} /> Only with problems
      </label>
      <span class="count" role="status">${Gt(r.length,"upstream")}, ${function(e){const t=e.flatMap(({rows:e})=>e),n=t.filter(({problem:e})=>e).length;return`${Gt(t.length,"target")}, ${0===n?"none with a problem":`${n} with a problem`}`}(r)}</span>
    </div>
    ${0===r.length&&nt`<p class="card empty">${l?"No target has a problem.":"No upstream fits."}</p>`}
    ${s.map(e=>nt`<${Zu} key=${e.name} upstream=${e} onChange=${t} />`)}
    ${s.length<r.length&&nt`
      <button type="button" onClick=${()=>i(!0)}>Show all ${r.length} upstreams</button>`}`}const nc=[{name:"overview",title:"Overview",View:function({links:e}){return nt`<${Ks} links=${e} /><${ea} /><${Gs} />`}},{name:"routes",title:"Routes",View:function({item:e}){return""===e?nt`<${$u} />`:nt`<${iu} name=${e} />`},items:!0},{name:"upstreams",title:"Upstreams",View:function({item:e}){const[t,n]=le();if(void 0===ct.value)return nt`<p role="status" class="empty">Waiting for the gateway.</p>`;const i=Hu.value,o=""===e?void 0:i.find(({name:t})=>t===e);return""!==e&&void 0===o?nt`<p class="card empty">There is no upstream ${e}. <a href=${Yt("upstreams")}>All upstreams</a></p>`:nt`
    ${void 0===o?nt`<${tc} all=${i} onChange=${n} />`:nt`<${Zu} upstream=${o} alone=${!0} onChange=${n} /><${Du} upstream=${o} />`}
    ${void 0!==t&&nt`<${gu} ...${t} onClose=${()=>n(void 0)} />`}`},items:!0},{name:"limits",title:"Limits",View:function(){const{value:e,problem:t,again:n}=sn("/limits",{every:1e3}),[i,o]=le([]),[l,r]=le();if(re(()=>{void 0!==e&&o(t=>function(e,t,n){const i=t.flatMap(({policy:e,algorithm:t,limited:i})=>i.map(({retryAfterMs:i,resetMs:o,...l})=>({...l,id:Di(e,l),policy:e,resettable:"concurrency"!==t,limited:!0,seen:n,freeAt:void 0===i?void 0:n+i,fullAt:void 0===o?void 0:n+o}))),o=new Set(i.map(({id:e})=>e)),l=e.filter(({id:e,seen:t})=>!o.has(e)&&t>n-3e4);return[...i,...l.map(e=>e.limited?{...e,limited:!1}:e)].slice(0,500)}(t,e,ut.peek()))},[e]),404===t?.status)return nt`<p class="card empty">The configuration has no rate-limiting policy in use.</p>`;if(void 0===e)return nt`<${ln} problem=${t} />`;const s=Vt.value.query.get("filter")??"",a=i.filter(({policy:e,key:t,tier:n=""})=>dn(s,e,t,n));return nt`
    <${Ei} policies=${e} />
    <section class="card" aria-labelledby="limited-title">
      <h2 id="limited-title">Limited keys</h2>
      <div class="tools inside">
        <${cn} name="filter" label="Policy or key" />
        <span class="count" role="status">${Gt(a.filter(({limited:e})=>e).length,"key")} limited now</span>
      </div>
      <${xi} rows=${a} onReset=${r} />
      <p class="hint">
        A key stays in the list for half a minute after it was limited. The gateway lists 100 at most, the longest wait first.
      </p>
    </section>
    ${void 0!==l&&nt`<${ji} row=${l} onClose=${()=>{r(void 0),n()}} />`}`}},{name:"requests",title:"Requests",View:function({item:e}){return""===e?nt`<${$a} />`:nt`<${Ca} id=${e} />`},items:!0},{name:"explain",title:"Explain",View:function({links:e}){const{query:t}=Vt.value,n=t.toString(),[i,o]=le(()=>Bn(t)),[l,r]=le({}),s=se(void 0),a=se(void 0),u=async e=>{a.current=e;const t=await async function(e){try{return{asked:e,rehearsal:await ot("/explain",{method:"POST",body:Vn(e)}),at:ut.peek()}}catch(t){return 401===t.status&&Ot(),{asked:e,problem:t}}}(e);a.current===e&&r(t)};re(()=>{if(s.current===n)return;const e=Bn(t);o(e),r({}),""!==e.url&&u(e)},[n]);const{problem:c,rehearsal:d}=l,f=function(e){const[,t,n]=400===e?.status?/^`(method|url|ip|header)` (.*)/.exec(e.message)??[]:[];return void 0===t?void 0:{name:t,text:`It ${n}.`}}(c);return nt`
    <${yi} form=${i} wrong=${f} onChange=${e=>o({...i,...e})} onSubmit=${()=>{Jt(function(e){const{method:t,url:n,ip:i,headers:o,withSecrets:l}=e,r=l?[]:Jn(e);return{method:t,url:r.includes(Yn)?n.split("?")[0].replace(/\/\/[^/]*@/,"//"):n,ip:i,header:Kn(o).filter(e=>l||!Qn(e)).join("\n"),without:r.join(", ")}}(i)),s.current=Vt.peek().query.toString(),u(i)}} />
    ${void 0!==c&&void 0===f&&nt`<div class="card"><${ln} problem=${function(e){return 503===e.status?{status:503,message:"Too many rehearsals wait. The gateway makes one at a time: explain again in a moment."}:e}(c)} /></div>`}
    ${void 0!==d&&nt`<${fi} answer=${l} links=${e} again=${()=>u(l.asked)} />`}`}},{name:"configuration",title:"Configuration",View:function({item:e}){const{generation:t,lastReload:n}=ct.value??{},i=[t,n?.at,ft.value?.at(-1)?.time].join(),{value:o,problem:l,again:r}=sn("/reloads",{after:i});return void 0===o?nt`<${ln} problem=${l} />`:""!==e?nt`<${Wn} records=${o.reloads} number=${Number(e)} again=${r} />`:nt`
    <${An} />
    <${Un} known=${o} again=${r} />
    <${En} records=${o.reloads} />
    <${pn} path="/config?format=yaml" after=${t} title="Effective configuration" />`},items:!0}],ic=mt("threads"),oc=nc.map(({name:e})=>e);function lc(e){e.preventDefault(),document.getElementById("main").focus()}function rc(){const{host:e}=at.value??{};return re(()=>{document.title=void 0===e?"Onedoor":`${e} · Onedoor`},[e]),nt`<p class="name"><strong>Onedoor</strong> ${e}</p>`}function sc(){const{startedAt:e,version:t}=at.value??{},{generation:n}=ct.value??{},i=Object.keys(ic.value).length;return nt`
    <dl class="facts">
      <div><dt>State</dt><dd><${ac} /></dd></div>
      ${void 0!==n&&nt`<div><dt>Generation</dt><dd>${n}</dd></div>`}
      ${void 0!==e&&nt`<div><dt>Uptime</dt><dd>${Ut(ut.value-e)}</dd></div>`}
      ${void 0!==n&&nt`<div><dt>Threads</dt><dd>${Math.max(1,i)}</dd></div>`}
      ${void 0!==t&&nt`<div class="minor"><dt>Version</dt><dd>${t}</dd></div>`}
    </dl>`}function ac(){const{status:e,lastReload:t}=ct.value??{};return"lost"===$t.value?nt`<${Qt} kind="critical">not reached<//>`:void 0===e?nt`<${Qt} kind="off">connecting<//>`:"ready"!==e?nt`<${Qt} kind="warning">${e}<//>`:!1===t?.ok?nt`<${Qt} kind="warning">serving, last reload refused<//>`:nt`<${Qt} kind="good">serving<//>`}function uc(){const{by:e,role:t}=Pt.value;return void 0===t?null:nt`
    <p class="who">
      <span title="What you may do here">${"operate"===t?"may operate":"may look"}</span>
      ${"session"===e&&nt`<button type="button" class="quiet" onClick=${Et}>Log out</button>`}
    </p>`}function cc({current:e}){const t=se(null);return re(()=>t.current.querySelector("[aria-current]").scrollIntoView({block:"nearest",inline:"center"}),[e]),nt`
    <nav aria-label="Views" ref=${t}>
      <ul>
        ${nc.map(({name:t,title:n})=>nt`
          <li key=${t}><a href=${Yt(t)} aria-current=${t===e?"page":void 0}>${n}</a></li>`)}
      </ul>
    </nav>`}function dc(){const e=gt.value,t="lost"===$t.value;return nt`
    <div role="status" class="freshness">
      ${(e>0||t)&&nt`<p class="stale">
        <${Qt} kind="warning">${t?"No connection to the gateway; trying again.":"The gateway is silent."}<//>
        ${e>0&&nt` <span aria-hidden="true">The data is ${Gt(e,"second")} old.</span>`}
      </p>`}
    </div>`}function fc({view:{name:e,title:t,View:n},item:i}){const o=se(null);return re(()=>{scrollTo(0,0),document.activeElement!==document.body&&o.current?.focus({preventScroll:!0})},[]),nt`
    <main id="main" tabindex="-1" ref=${o} class=${gt.value>0?"old":void 0}>
      <h1>${""===i?t:nt`<a href=${Yt(e)}>${t}</a> <span class="item">${i}</span>`}</h1>
      <${n} links=${oc} item=${i} />
    </main>`}!function(t,n){var i,o,l,r;e.__&&e.__(t,n),9==n.nodeType&&(n=n.documentElement),o=(i=t&&32&t.__u)?null:n.__k,n.__k=b(y,{children:[t]}),l=[],r=[],R(n,n.__k,o||f,f,n.namespaceURI,o?null:n.firstChild?$.call(n.childNodes):null,l,o?o.__e:n.firstChild,i,r),j(l,n.__k,r),n.__k.props.children=null}(nt`<${function(){const{state:e}=Pt.value;if("out"===e)return nt`<${Bt} />`;const t=nc.find(({name:e})=>e===Vt.value.view)??nc[0],n=!0===t.items?Vt.value.item:"";return nt`
    <a class="skip" href="#main" onClick=${lc}>Skip to the content</a>
    <header class="top">
      <${rc} />
      <${sc} />
      <${uc} />
    </header>
    <${cc} current=${t.name} />
    <${dc} />
    <${fc} view=${t} item=${n} key=${`${t.name}/${n}`} />
    <${on} />`}} />`,document.getElementById("console")),Ot();
